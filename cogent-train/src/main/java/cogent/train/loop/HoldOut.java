package cogent.train.loop;

import java.util.Locale;
import java.util.Map;

/**
 * Evaluation on held-out rows while training goes on.
 *
 * @param every steps between evaluations; the last step is evaluated as well. 0: never
 * @param metric by which the best checkpoint is chosen
 * @param patience evaluations without a new best after which training stops; 0: never
 * @param best whether training ends with the best weights instead of the last ones
 */
public record HoldOut(int every, Metric metric, int patience, boolean best) {
    /** No evaluation. */
    public static final HoldOut NONE = new HoldOut(0, Metric.LOSS, 0, false);

    /** What is compared. */
    public enum Metric {
        /** {@code eval_loss}, the lower the better. */
        LOSS("eval_loss", -1),
        /** {@code eval_rewards/accuracies}, of SFT {@code eval_mean_token_accuracy}: the higher the better. */
        ACCURACY("accurac", 1);

        private final String part;
        private final int sign;

        Metric(String part, int sign) {
            this.part = part;
            this.sign = sign;
        }

        /** The value among an evaluation's metrics, such that larger is better. */
        double score(Map<String, Double> metrics) {
            return sign
                    * metrics.entrySet().stream()
                            .filter(e -> e.getKey().contains(part))
                            .findFirst()
                            .orElseThrow()
                            .getValue();
        }

        /** In lower case, as recipes have it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public HoldOut {
        if (every < 0 || patience < 0) {
            throw new IllegalArgumentException("evaluation every " + every + " steps, patience " + patience);
        }
    }
}
