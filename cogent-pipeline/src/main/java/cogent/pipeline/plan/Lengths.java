package cogent.pipeline.plan;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * How long texts are, in tokens: some of them, for all.
 *
 * @param tokens of each, none empty; at least one text
 */
@SuppressWarnings("ArrayRecordComponent") // as in CorpusSize
record Lengths(int[] tokens) {
    Lengths {
        tokens = tokens.length == 0
                ? new int[] {1}
                : IntStream.of(tokens).map(n -> Math.max(1, n)).toArray();
    }

    /** All alike. */
    static Lengths all(double tokens) {
        return new Lengths(new int[] {(int) Math.round(tokens)});
    }

    /** None longer than that. */
    Lengths upTo(int most) {
        return map(n -> Math.min(n, most));
    }

    /** Those that are no longer than that; empty where none is. */
    Optional<Lengths> atMost(int most) {
        int[] kept = IntStream.of(tokens).filter(n -> n <= most).toArray();
        return kept.length == 0 ? Optional.empty() : Optional.of(new Lengths(kept));
    }

    Lengths map(IntUnaryOperator change) {
        return new Lengths(IntStream.of(tokens).map(change).toArray());
    }

    double mean() {
        return Arrays.stream(tokens).average().orElse(0);
    }

    /** So many texts as long as these, in no order. */
    int[] draw(long count) {
        return new Random(0)
                .ints(Math.min(count, Integer.MAX_VALUE), 0, tokens.length)
                .map(i -> tokens[i])
                .toArray();
    }
}
