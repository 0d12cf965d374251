package cogent.model;

import java.util.Arrays;
import java.util.List;

/** Token sequences laid end to end, without padding. The arrays are not copied: leave them alone. */
public final class Packed {
    private final int[] ids;
    private final int[] lengths;

    /**
     * @param ids of all sequences, {@code [tokens]}
     * @param lengths of the sequences, none of them empty
     */
    public Packed(int[] ids, int[] lengths) {
        long sum = 0;
        for (int length : lengths) {
            if (length < 1) {
                throw new IllegalArgumentException("a sequence of " + length + " tokens");
            }
            sum += length;
        }
        if (sum != ids.length || sum == 0) {
            throw new IllegalArgumentException(ids.length + " ids for sequences of " + sum + " tokens");
        }
        this.ids = ids;
        this.lengths = lengths;
    }

    public static Packed of(List<int[]> sequences) {
        return new Packed(
                sequences.stream().flatMapToInt(Arrays::stream).toArray(),
                sequences.stream().mapToInt(s -> s.length).toArray());
    }

    /** All ids, {@code [tokens]}. */
    public int[] ids() {
        return ids;
    }

    /** Tokens of every sequence. */
    public int[] lengths() {
        return lengths;
    }

    public int tokens() {
        return ids.length;
    }
}
