package cogent.train.loop;

import cogent.data.Gap;
import cogent.train.objective.PairLogps;
import cogent.train.objective.PairLoss;
import cogent.train.rows.PairExample;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of a batch of pairs, under TRL's names; reward metrics also by gap, as {@code rewards/margins/small}. Those who
 * have seen some of the pairs have shares of the means, which add up to them.
 */
public final class PairMetrics {
    private final Map<String, double[]> sums = new LinkedHashMap<>();

    private PairMetrics() {}

    /** @param rows numbers of all pairs of the batch */
    public static PairMetrics of(List<PairExample> pairs, int[] rows) {
        PairMetrics metrics = new PairMetrics();
        for (int row : rows) {
            metrics.add(pairs.get(row).gap(), 1, 0, 0, new PairLoss(0, 0, 0, 0, 0));
        }
        return metrics;
    }

    /** Takes a pair of the batch with its loss. */
    public void add(PairExample pair, PairLogps logps, PairLoss loss) {
        add(pair.gap(), 0, logps.chosen(), logps.rejected(), loss);
    }

    private void add(@Nullable Gap gap, int pairs, double chosen, double rejected, PairLoss loss) {
        add("loss", pairs, loss.loss());
        add("logps/chosen", pairs, chosen);
        add("logps/rejected", pairs, rejected);
        rewards(pairs, loss, "");
        if (gap != null) {
            rewards(pairs, loss, "/" + gap.name().toLowerCase(Locale.ROOT));
        }
    }

    private void rewards(int pairs, PairLoss loss, String gap) {
        add("rewards/chosen" + gap, pairs, loss.chosenReward());
        add("rewards/rejected" + gap, pairs, loss.rejectedReward());
        add("rewards/margins" + gap, pairs, loss.margin());
        add("rewards/accuracies" + gap, pairs, loss.margin() > 0 ? 1 : 0);
    }

    private void add(String name, int pairs, double value) {
        double[] sum = sums.computeIfAbsent(name, _ -> new double[2]);
        sum[0] += value;
        sum[1] += pairs;
    }

    /** What the pairs taken contribute to the mean of each metric over the batch's pairs that have it. */
    public Map<String, Double> shares() {
        Map<String, Double> shares = new LinkedHashMap<>();
        sums.forEach((name, sum) -> shares.put(name, sum[0] / sum[1]));
        return shares;
    }
}
