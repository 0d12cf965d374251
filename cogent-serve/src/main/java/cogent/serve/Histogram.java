package cogent.serve;

import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** How long things took, in Prometheus' buckets. */
final class Histogram {
    private static final double[] BOUNDS = {0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600};

    private final String name;
    private final String help;
    private final LongAdder[] counts =
            Stream.generate(LongAdder::new).limit(BOUNDS.length + 1).toArray(LongAdder[]::new);
    private final DoubleAdder sum = new DoubleAdder();

    Histogram(String name, String help) {
        this.name = name;
        this.help = help;
    }

    void add(double seconds) {
        int bucket = 0;
        while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]) {
            bucket++;
        }
        counts[bucket].increment();
        sum.add(seconds);
    }

    void write(StringBuilder out) {
        out.append("# HELP %s %s\n# TYPE %s histogram\n".formatted(name, help, name));
        long below = 0;
        for (int i = 0; i <= BOUNDS.length; i++) {
            below += counts[i].sum();
            String bound = i < BOUNDS.length ? String.valueOf(BOUNDS[i]) : "+Inf";
            out.append("%s_bucket{le=\"%s\"} %s\n".formatted(name, bound, below));
        }
        out.append("%s_sum %s\n%s_count %s\n".formatted(name, sum.sum(), name, below));
    }
}
