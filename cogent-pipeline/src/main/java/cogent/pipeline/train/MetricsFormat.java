package cogent.pipeline.train;

import java.util.Map;

/** One dashboard's format of metrics. */
interface MetricsFormat extends AutoCloseable {
    void write(long step, Map<String, Double> metrics);

    @Override
    void close();
}
