package cogent.train.objective;

/**
 * The f-divergence that keeps the policy near its reference: how a log-ratio x = log π_θ/π_ref enters the margin
 * (Wang et al., "Beyond Reverse KL", arXiv 2309.16240, eq. 5; constants that cancel in the margin are left out).
 */
public sealed interface Divergence {
    /** The term of the margin for a log-ratio. */
    double term(double logRatio);

    /** Its derivative. */
    double slope(double logRatio);

    /** DPO's own: term x. */
    record ReverseKl() implements Divergence {
        @Override
        public double term(double logRatio) {
            return logRatio;
        }

        @Override
        public double slope(double logRatio) {
            return 1;
        }
    }

    /** Jensen–Shannon: term log(u / (1 + u)) with u = eˣ, bounded above, so a chosen side cannot run away. */
    record JensenShannon() implements Divergence {
        @Override
        public double term(double logRatio) {
            return Logistic.logSigmoid(logRatio);
        }

        @Override
        public double slope(double logRatio) {
            return Logistic.sigmoid(-logRatio);
        }
    }

    /**
     * α-divergence: term −e^(−αx)/α. As α goes to 0 it becomes the reverse KL.
     *
     * @param alpha above 0 and below 1
     */
    record Alpha(double alpha) implements Divergence {
        /** Sums over a long completion can be thousands of nats; beyond this the gradient is clipped away anyhow. */
        private static final double LARGEST_EXPONENT = 80;

        public Alpha {
            if (!(alpha > 0 && alpha < 1)) {
                throw new IllegalArgumentException("alpha must lie between 0 and 1, not " + alpha);
            }
        }

        @Override
        public double term(double logRatio) {
            return -slope(logRatio) / alpha;
        }

        @Override
        public double slope(double logRatio) {
            return Math.exp(Math.min(-alpha * logRatio, LARGEST_EXPONENT));
        }
    }
}
