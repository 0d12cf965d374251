package cogent.model;

import java.util.Arrays;
import java.util.List;

/**
 * Token sequences laid end to end, without padding.
 *
 * @param ids of all sequences, {@code [tokens]}
 * @param lengths of the sequences, none of them empty
 */
public record Packed(int[] ids, int[] lengths) {
    public Packed {
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
    }

    public static Packed of(List<int[]> sequences) {
        return new Packed(
                sequences.stream().flatMapToInt(Arrays::stream).toArray(),
                sequences.stream().mapToInt(s -> s.length).toArray());
    }

    public int tokens() {
        return ids.length;
    }
}
