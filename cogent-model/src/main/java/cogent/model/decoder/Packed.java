package cogent.model.decoder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Token sequences laid end to end, without padding. Sequences may share their beginning: a prompt then lies there once,
 * followed by its continuations, and is computed once. The arrays are not copied: leave them alone.
 */
public final class Packed {
    private final int[] ids;
    private final int[] lengths;
    private final boolean branching;
    /** Row of the first token of each sequence; of a shared beginning where there is one. */
    private final int[] starts;
    /** Tokens of each sequence that lie there; the others follow at {@link #owns}. */
    private final int[] shared;

    private final int[] owns;

    /**
     * @param ids of all sequences, {@code [tokens]}
     * @param lengths of the sequences, none of them empty
     */
    public Packed(int[] ids, int[] lengths) {
        this(ids, lengths, false, new int[lengths.length], new int[lengths.length], new int[lengths.length]);
        int at = 0;
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] < 1) {
                throw new IllegalArgumentException("a sequence of " + lengths[i] + " tokens");
            }
            starts[i] = at;
            owns[i] = at;
            at += lengths[i];
        }
        requireAll(at);
    }

    private Packed(int[] ids, int[] lengths, boolean branching, int[] starts, int[] shared, int[] owns) {
        this.ids = ids;
        this.lengths = lengths;
        this.branching = branching;
        this.starts = starts;
        this.shared = shared;
        this.owns = owns;
    }

    public static Packed of(List<int[]> sequences) {
        return new Packed(
                sequences.stream().flatMapToInt(Arrays::stream).toArray(),
                sequences.stream().mapToInt(s -> s.length).toArray());
    }

    /**
     * Prompts, each followed by its continuations. The sequences are those of the first prompt with each of its
     * continuations, then those of the second, and so on.
     *
     * @param ids prompt, continuations, prompt, continuations, …
     * @param prompts length of each prompt, at least 1
     * @param continuations lengths of each prompt's continuations, 0 or more, equally many for every prompt
     */
    public static Packed branching(int[] ids, int[] prompts, int[][] continuations) {
        int each = continuations[0].length;
        int[] lengths = new int[prompts.length * each];
        Packed packed = new Packed(
                ids, lengths, true, new int[lengths.length], new int[lengths.length], new int[lengths.length]);
        int at = 0;
        for (int i = 0; i < prompts.length; i++) {
            int prompt = at;
            at += prompts[i];
            for (int j = 0; j < each; j++) {
                int sequence = i * each + j;
                packed.starts[sequence] = prompt;
                packed.shared[sequence] = prompts[i];
                packed.owns[sequence] = at;
                lengths[sequence] = prompts[i] + continuations[i][j];
                at += continuations[i][j];
            }
        }
        packed.requireAll(at);
        return packed;
    }

    private void requireAll(int tokens) {
        if (tokens != ids.length || tokens == 0) {
            throw new IllegalArgumentException(ids.length + " ids for sequences of " + tokens + " tokens");
        }
    }

    /** All ids, {@code [tokens]}. */
    public int[] ids() {
        return ids;
    }

    /** Tokens of every sequence, a shared beginning included. */
    public int[] lengths() {
        return lengths;
    }

    /** Tokens that lie here, a shared beginning counted once. */
    public int tokens() {
        return ids.length;
    }

    /** Where a token of a sequence lies among the ids. */
    int row(int sequence, int position) {
        return position < shared[sequence] ? starts[sequence] + position : owns[sequence] + position - shared[sequence];
    }

    /** The position of every row in its sequence. */
    int[] positions() {
        int[] positions = new int[ids.length];
        for (int i = 0; i < lengths.length; i++) {
            for (int t = 0; t < lengths[i]; t++) {
                positions[row(i, t)] = t;
            }
        }
        return positions;
    }

    /**
     * The sequences with every row in one of them, in order.
     *
     * @param queries rows that are a sequence's own; a shared beginning is the first's that it begins
     * @param keys rows that the last of these sees
     * @param rows where all keys lie, sequence by sequence; none where they lie as they are
     */
    @SuppressWarnings("ArrayRecordComponent") // handed to libtorch as it is
    record Spans(List<Integer> queries, List<Integer> keys, int @Nullable [] rows) {}

    Spans spans() {
        List<Integer> queries = new ArrayList<>();
        List<Integer> keys = new ArrayList<>();
        IntStream.Builder rows = IntStream.builder();
        int at = 0;
        for (int i = 0; i < lengths.length; i++) {
            int own = starts[i] == at ? lengths[i] : lengths[i] - shared[i];
            if (own > 0) {
                queries.add(own);
                keys.add(lengths[i]);
                for (int t = 0; t < lengths[i]; t++) {
                    rows.add(row(i, t));
                }
            }
            at += own;
        }
        return new Spans(queries, keys, branching ? rows.build().toArray() : null);
    }

    /** Whether sequences share rows. */
    boolean isBranching() {
        return branching;
    }
}
