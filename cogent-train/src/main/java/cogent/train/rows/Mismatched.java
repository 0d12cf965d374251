package cogent.train.rows;

import cogent.data.InputException;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;
import java.util.stream.IntStream;

/** Each prompt with the completions of the next pair that has another one: what KTO estimates its divergence from. */
public final class Mismatched extends AbstractList<PairExample> implements RandomAccess {
    private final List<PairExample> pairs;
    private final int[] others;

    private Mismatched(List<PairExample> pairs, int[] others) {
        this.pairs = pairs;
        this.others = others;
    }

    /** @throws InputException when all pairs have the same prompt */
    public static Mismatched of(List<PairExample> pairs) {
        int size = pairs.size();
        return new Mismatched(
                pairs,
                IntStream.range(0, size)
                        .map(row -> {
                            int[] prompt = pairs.get(row).prompt();
                            return IntStream.range(1, size)
                                    .map(step -> (row + step) % size)
                                    .filter(other -> !Arrays.equals(
                                            prompt, pairs.get(other).prompt()))
                                    .findFirst()
                                    .orElseThrow(() -> new InputException("all pairs have the same prompt: kto needs"
                                            + " completions of other prompts to estimate its divergence from"));
                        })
                        .toArray());
    }

    @Override
    public PairExample get(int row) {
        PairExample pair = pairs.get(row);
        PairExample other = pairs.get(others[row]);
        return new PairExample(
                pair.id() + " with " + other.id(),
                pair.prompt(),
                other.chosen(),
                other.rejected(),
                pair.beta(),
                pair.gap());
    }

    @Override
    public int size() {
        return pairs.size();
    }
}
