package cogent.curate;

import cogent.data.PreferencePair;

/**
 * How far length alone tells chosen from rejected in the pairs of one gap. Where it does, preference training learns
 * length. The small gap is unbalanced by nature when the corpus holds mostly one kind: extended rewrites are longer than
 * their originals, simplified ones shorter.
 *
 * @param pairs how many
 * @param chosenLonger share of pairs whose chosen side is longer in characters, ties counted half
 * @param ratio geometric mean of chosen length ÷ rejected length
 */
public record LengthBalance(long pairs, double chosenLonger, double ratio) {
    /** A rule "the longer one is right", or its opposite, should guess no better than this. */
    public static final double BOUND = 0.75;

    /** How often the better of the two length rules is right: 0.5 is balanced, 1 is separable. */
    public double separability() {
        return Math.max(chosenLonger, 1 - chosenLonger);
    }

    /** Whether length gives away at most {@link #BOUND}. */
    public boolean balanced() {
        return pairs == 0 || separability() <= BOUND;
    }

    /** Adds up pairs. */
    public static final class Sum {
        private long pairs;
        private double longer;
        private double logRatio;

        public void add(PreferencePair pair) {
            int chosen = pair.chosen().length();
            int rejected = pair.rejected().length();
            pairs++;
            longer += chosen > rejected ? 1 : chosen == rejected ? 0.5 : 0;
            logRatio += Math.log((double) chosen / rejected);
        }

        public LengthBalance balance() {
            return pairs == 0
                    ? new LengthBalance(0, 0.5, 1)
                    : new LengthBalance(pairs, longer / pairs, Math.exp(logRatio / pairs));
        }
    }
}
