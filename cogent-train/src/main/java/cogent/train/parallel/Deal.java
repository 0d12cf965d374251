package cogent.train.parallel;

import cogent.model.tensor.Ranks;
import java.util.Comparator;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Deals the rows of a batch to the ranks, so that all have about the same tokens and finish together. */
public final class Deal {
    private Deal() {}

    /**
     * This rank's rows, in the order of the batch; none where the batch has fewer rows than there are ranks. The longest
     * row goes first, each to the rank that has the fewest tokens (Graham's LPT rule, at most 4/3 of the best deal).
     *
     * @param rows of the whole batch; all ranks give the same
     * @param tokens tokens of a row
     */
    public static int[] own(int[] rows, IntUnaryOperator tokens, Ranks ranks) {
        if (ranks.count() == 1) {
            return rows;
        }
        long[] held = new long[ranks.count()];
        int[] longestFirst = IntStream.range(0, rows.length)
                .boxed()
                .sorted(Comparator.comparingInt((Integer i) -> tokens.applyAsInt(rows[i]))
                        .reversed())
                .mapToInt(i -> i)
                .toArray();
        return IntStream.of(longestFirst)
                .filter(i -> {
                    int to = fewest(held);
                    held[to] += tokens.applyAsInt(rows[i]);
                    return to == ranks.rank();
                })
                .sorted()
                .map(i -> rows[i])
                .toArray();
    }

    private static int fewest(long[] held) {
        int fewest = 0;
        for (int i = 1; i < held.length; i++) {
            if (held[i] < held[fewest]) {
                fewest = i;
            }
        }
        return fewest;
    }
}
