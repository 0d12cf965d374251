package cogent.train.parallel;

import cogent.model.tensor.Ranks;
import cogent.model.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * A rank's rows of a tensor that is cut along its first dimension: ⌈rows / ranks⌉ each, the last ranks fewer or none.
 *
 * @param from first row
 * @param size rows
 */
public record RowRange(long from, long size) {
    /** This rank's of so many rows. */
    public static RowRange of(long rows, Ranks ranks) {
        long each = Math.ceilDiv(rows, ranks.count());
        long from = Math.min(rows, ranks.rank() * each);
        return new RowRange(from, Math.min(rows, from + each) - from);
    }

    /** This rank's rows of every tensor, as views in the open scope; those of which it has none are left out. */
    public static SequencedMap<String, Tensor> own(SequencedMap<String, Tensor> tensors, Ranks ranks) {
        SequencedMap<String, Tensor> own = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            RowRange range = of(tensor.size(0), ranks);
            if (range.size > 0) {
                own.put(name, tensor.detach().narrow(0, range.from, range.size));
            }
        });
        return own;
    }
}
