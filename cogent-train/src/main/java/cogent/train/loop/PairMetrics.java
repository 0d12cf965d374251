package cogent.train.loop;

import cogent.train.objective.PairLogps;
import cogent.train.objective.PairLoss;
import cogent.train.rows.PairExample;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The metrics of a batch of pairs, under TRL's names; reward metrics also by gap, as {@code rewards/margins/small}. */
public final class PairMetrics {
    private final Map<String, double[]> sums = new LinkedHashMap<>();

    /** Takes a pair with its loss. */
    public void add(PairExample pair, PairLogps logps, PairLoss loss) {
        add("loss", loss.loss());
        add("logps/chosen", logps.chosen());
        add("logps/rejected", logps.rejected());
        rewards(loss, "");
        if (pair.gap() != null) {
            rewards(loss, "/" + pair.gap().name().toLowerCase(Locale.ROOT));
        }
    }

    private void rewards(PairLoss loss, String gap) {
        add("rewards/chosen" + gap, loss.chosenReward());
        add("rewards/rejected" + gap, loss.rejectedReward());
        add("rewards/margins" + gap, loss.margin());
        add("rewards/accuracies" + gap, loss.margin() > 0 ? 1 : 0);
    }

    private void add(String name, double value) {
        double[] sum = sums.computeIfAbsent(name, _ -> new double[2]);
        sum[0] += value;
        sum[1]++;
    }

    /** Mean of each metric over the pairs that have it. */
    public Map<String, Double> means() {
        Map<String, Double> means = new LinkedHashMap<>();
        sums.forEach((name, sum) -> means.put(name, sum[0] / sum[1]));
        return means;
    }
}
