package cogent.train.objective;

import cogent.data.InputException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a pair counts in the mean of its batch, above any objective. */
public sealed interface WeightRule {
    /** All alike. */
    WeightRule EQUAL = new Equal();

    /**
     * The weight of a row, at least 0.
     *
     * @throws InputException when the row does not say what the rule needs
     */
    double of(ObjectNode row);

    /** All alike. */
    record Equal() implements WeightRule {
        @Override
        public double of(ObjectNode row) {
            return 1;
        }
    }

    /**
     * MADPO (Rho, arXiv 2510.05342): a row's {@code reward_margin} m, what a reward model gives the chosen side more than the
     * rejected one, makes a hard pair count more and an easy one less. With {@code k = (c_max − 1) / (1 − c_min)},
     *
     * <pre>
     *   c(m) = c_min + (c_max − c_min) / (1 + k exp(λ (|m| − τ)))          1 at |m| = τ, c_max far below, c_min far above
     *   w(m) = σ(c(m) m) / σ(m)  where m > −τ,  else 1
     * </pre>
     *
     * @param tau τ, the margin of a pair that counts as DPO counts it
     * @param lambda λ, how fast the weight turns around τ
     * @param least c_min, 0 to below 1
     * @param most c_max, above 1
     */
    record MarginAdaptive(double tau, double lambda, double least, double most) implements WeightRule {
        public MarginAdaptive {
            if (!(tau > 0 && lambda > 0 && least >= 0 && least < 1 && most > 1)
                    || Double.isInfinite(tau + lambda + most)) {
                throw new InputException("madpo needs tau > 0, lambda > 0 and 0 <= c_min < 1 < c_max, not tau " + tau
                        + ", lambda " + lambda + ", c_min " + least + ", c_max " + most);
            }
        }

        @Override
        public double of(ObjectNode row) {
            JsonNode value = row.path("reward_margin");
            if (!value.isNumber() || !Double.isFinite(value.asDouble())) {
                throw new InputException("no finite number in reward_margin, and madpo weighs the pairs by it");
            }
            return weight(value.asDouble());
        }

        /** w(m). */
        public double weight(double margin) {
            if (margin <= -tau) {
                return 1;
            }
            double k = (most - 1) / (1 - least);
            double c = least + (most - least) / (1 + k * Math.exp(lambda * (Math.abs(margin) - tau)));
            return Math.exp(Logistic.logSigmoid(c * margin) - Logistic.logSigmoid(margin));
        }
    }
}
