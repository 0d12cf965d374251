package cogent.train.objective;

import cogent.data.InputException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Where the β of a pair comes from. */
public sealed interface BetaRule {
    /**
     * The β of a row.
     *
     * @throws InputException when the row does not say what the rule needs
     */
    double of(ObjectNode row);

    /** Each row's own {@code beta}, as the authors of CogPO publish their rows. */
    record Own() implements BetaRule {
        @Override
        public double of(ObjectNode row) {
            JsonNode value = row.path("beta");
            if (!value.isNumber()) {
                throw new InputException(
                        "no number in beta; give one per row, or one for all (align.beta in a recipe)");
            }
            double beta = value.asDouble();
            if (!(beta > 0) || Double.isInfinite(beta)) {
                throw new InputException("beta must be positive and finite, not " + value.asString());
            }
            return beta;
        }
    }

    /** One for all rows: with it CogPO is DPO. */
    record One(double beta) implements BetaRule {
        public One {
            requirePositive(beta, "beta");
        }

        @Override
        public double of(ObjectNode row) {
            return beta;
        }
    }

    /**
     * An extension of CogPO of ours: β as a continuous function of a measured gap. A row's {@code gap_score} s, from 0
     * (hardly any gap) to 1 (the widest), gives {@code β = low · (high / low)ˢ}: low at 0, high at 1, and equal steps of s
     * multiply β by equal factors. Who measured the score is the row's business.
     */
    record GapScore(double low, double high) implements BetaRule {
        public GapScore {
            requirePositive(low, "beta.low");
            requirePositive(high, "beta.high");
            if (high < low) {
                throw new InputException("beta.high is below beta.low: a wider gap asks for a larger beta");
            }
        }

        @Override
        public double of(ObjectNode row) {
            JsonNode value = row.path("gap_score");
            if (!value.isNumber()) {
                throw new InputException("no number in gap_score, and beta is to come from it");
            }
            double score = value.asDouble();
            if (!(score >= 0 && score <= 1)) {
                throw new InputException("gap_score must lie between 0 and 1, not " + value.asString());
            }
            return low * Math.pow(high / low, score);
        }
    }

    private static void requirePositive(double value, String name) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new InputException(name + " must be positive and finite, not " + value);
        }
    }
}
