package cogent.train.loop;

import cogent.model.tensor.Ranks;
import cogent.train.forward.Work;
import java.util.LinkedHashMap;
import java.util.Map;

/** What all ranks' parts of a batch come to together: loss, work and metrics, each a sum. */
record Totals(double loss, Work work, Map<String, Double> metrics) {
    static Totals of(Ranks ranks, double loss, Work work, Map<String, Double> metrics) {
        double[] values = new double[4 + metrics.size()];
        values[0] = loss;
        values[1] = work.tokens();
        values[2] = work.pairs();
        values[3] = work.targets();
        int at = 4;
        for (double value : metrics.values()) {
            values[at++] = value;
        }
        double[] sums = ranks.sum(values);
        Map<String, Double> all = new LinkedHashMap<>();
        at = 4;
        for (String name : metrics.keySet()) {
            all.put(name, sums[at++]);
        }
        return new Totals(sums[0], new Work((long) sums[1], sums[2], (long) sums[3]), all);
    }
}
