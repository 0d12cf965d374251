package cogent.train.rows;

import cogent.data.Gap;
import cogent.data.InputException;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.RandomAccess;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The tokenised rows of a file, in file order; their ids lie in a scratch file. Close when training is over.
 *
 * @param <T> {@link Example} or {@link PairExample}
 */
public abstract sealed class TrainingRows<T> extends AbstractList<T> implements RandomAccess, AutoCloseable {
    /** Sequences of a row: prompt and one or two completions. */
    private final int perRow;

    final TokenFile sequences;
    private final List<String> ids = new ArrayList<>();
    private long refused;
    private long tooLong;
    private long truncated;
    private long withControlTokens;
    private long thinkingUnasked;
    private final SortedSet<String> controlTokens = new TreeSet<>();
    private final SortedSet<String> unused = new TreeSet<>();

    private TrainingRows(int perRow, TokenFile sequences) {
        this.perRow = perRow;
        this.sequences = sequences;
    }

    /** Rows left out for any reason, too long ones included. */
    public long refused() {
        return refused;
    }

    /** Rows left out because they were over the length limit. */
    public long tooLong() {
        return tooLong;
    }

    /** Rows that were cut, where the limit's policy says so. */
    public long truncated() {
        return truncated;
    }

    /** Rows with {@link #controlTokens} in their text. */
    public long withControlTokens() {
        return withControlTokens;
    }

    /** Tokens that steer the model and stand in the rows' text, where they are read as text; in the order of the alphabet. */
    public List<String> controlTokens() {
        return List.copyOf(controlTokens);
    }

    /** Rows whose reply begins with a thought where the prompt has closed an empty one. */
    public long thinkingUnasked() {
        return thinkingUnasked;
    }

    /** Fields that rows hold and no training makes use of, in the order of the alphabet. */
    public List<String> unused() {
        return List.copyOf(unused);
    }

    /** How many tokens the rows of a list have, without reading them where they are of a file. */
    public static <T> IntUnaryOperator tokens(List<T> rows, ToIntFunction<T> ofRow) {
        return switch (rows) {
            case TrainingRows<T> stored -> stored::tokens;
            case Part<T> part -> {
                IntUnaryOperator all = tokens(part.of, ofRow);
                yield i -> all.applyAsInt(part.rows[i]);
            }
            default -> i -> ofRow.applyAsInt(rows.get(i));
        };
    }

    /** Some of the rows, as a view. */
    public static <T> List<T> only(List<T> all, int[] rows) {
        return new Part<>(all, rows);
    }

    /**
     * Which rows are held out: a share of the prompts, drawn by seed, so that no prompt is on both sides.
     *
     * @param share above 0 and below 1
     * @throws InputException when that leaves one side empty
     */
    public int[] heldOut(double share, long seed) {
        int[] held = IntStream.range(0, size())
                .filter(row ->
                        new Random(31 * seed + Arrays.hashCode(sequences.get(perRow * row))).nextDouble() < share)
                .toArray();
        if (held.length == 0 || held.length == size()) {
            throw new InputException("a share of " + share + " holds out " + held.length + " of " + size()
                    + " rows: both sides need some");
        }
        return held;
    }

    /** The rows that are not among these. */
    public int[] others(int[] rows) {
        boolean[] among = new boolean[size()];
        IntStream.of(rows).forEach(row -> among[row] = true);
        return IntStream.range(0, size()).filter(row -> !among[row]).toArray();
    }

    /** Tokens of a row, without reading it. */
    public abstract int tokens(int row);

    @Override
    public int size() {
        return ids.size();
    }

    @Override
    public void close() {
        sequences.close();
    }

    String id(int row) {
        return ids.get(row);
    }

    void countRefused(boolean overLimit) {
        refused++;
        tooLong += overLimit ? 1 : 0;
    }

    void countTruncated() {
        truncated++;
    }

    void countControlTokens(List<String> found) {
        withControlTokens += found.isEmpty() ? 0 : 1;
        controlTokens.addAll(found);
    }

    void countThinkingUnasked() {
        thinkingUnasked++;
    }

    void nameUnused(List<String> fields) {
        unused.addAll(fields);
    }

    final void store(String id, int[]... parts) {
        if (parts.length != perRow) {
            throw new IllegalArgumentException(parts.length + " sequences for a row of " + perRow);
        }
        for (int[] part : parts) {
            sequences.add(part);
        }
        ids.add(id);
    }

    /** A view on some rows. */
    private static final class Part<T> extends AbstractList<T> implements RandomAccess {
        private final List<T> of;
        private final int[] rows;

        Part(List<T> of, int[] rows) {
            this.of = of;
            this.rows = rows;
        }

        @Override
        public T get(int index) {
            return of.get(rows[index]);
        }

        @Override
        public int size() {
            return rows.length;
        }
    }

    static final class Examples extends TrainingRows<Example> {
        Examples(TokenFile sequences) {
            super(2, sequences);
        }

        @Override
        public Example get(int row) {
            return new Example(id(row), sequences.get(2 * row), sequences.get(2 * row + 1));
        }

        @Override
        public int tokens(int row) {
            return sequences.length(2 * row) + sequences.length(2 * row + 1);
        }
    }

    static final class Pairs extends TrainingRows<PairExample> {
        private double[] betas = new double[256];
        private double[] weights = new double[256];
        private final List<@Nullable Gap> gaps = new ArrayList<>();

        Pairs(TokenFile sequences) {
            super(3, sequences);
        }

        void store(PairExample pair) {
            if (size() == betas.length) {
                betas = Arrays.copyOf(betas, 2 * size());
                weights = Arrays.copyOf(weights, 2 * size());
            }
            betas[size()] = pair.beta();
            weights[size()] = pair.weight();
            gaps.add(pair.gap());
            store(pair.id(), pair.prompt(), pair.chosen(), pair.rejected());
        }

        @Override
        public PairExample get(int row) {
            return new PairExample(
                    id(row),
                    sequences.get(3 * row),
                    sequences.get(3 * row + 1),
                    sequences.get(3 * row + 2),
                    betas[row],
                    weights[row],
                    gaps.get(row));
        }

        @Override
        public int tokens(int row) {
            return 2 * sequences.length(3 * row) + sequences.length(3 * row + 1) + sequences.length(3 * row + 2);
        }
    }
}
