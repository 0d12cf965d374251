package cogent.train.rows;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/** The same pairs with other weights. */
public final class Reweighed extends AbstractList<PairExample> implements RandomAccess {
    private final List<PairExample> pairs;
    private final double[] weights;

    /** @param weights one for each pair */
    public Reweighed(List<PairExample> pairs, double[] weights) {
        if (weights.length != pairs.size()) {
            throw new IllegalArgumentException(weights.length + " weights for " + pairs.size() + " pairs");
        }
        this.pairs = pairs;
        this.weights = weights.clone();
    }

    @Override
    public PairExample get(int row) {
        PairExample pair = pairs.get(row);
        return new PairExample(
                pair.id(), pair.prompt(), pair.chosen(), pair.rejected(), pair.beta(), weights[row], pair.gap());
    }

    @Override
    public int size() {
        return weights.length;
    }
}
