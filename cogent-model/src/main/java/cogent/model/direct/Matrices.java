package cogent.model.direct;

import cogent.model.tensor.Blas;
import cogent.model.tensor.DType;
import cogent.model.tensor.Memory;
import cogent.model.tensor.SkinnyGemm;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.ThreadTeam;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * x · weightᵀ + bias of layers of one input, side by side. Packed weights are read where there are some: for several rows, and for any where
 * the weights are in BF16, for which there is no other way here. For one thread at a time.
 */
public final class Matrices {
    /** From so many rows on packed weights in F32 are faster than the weights. */
    public static final int SEVERAL = 4;

    private final List<SkinnyGemm.Layer> layers;
    private final List<Matrix> each;
    private final int out;
    private final int in;
    private final boolean half;
    private SkinnyGemm.@Nullable Packed packed;

    /** @param out rows of the weight */
    private record Matrix(MemorySegment weight, @Nullable MemorySegment bias, int out) {
        static Matrix of(SkinnyGemm.Layer layer) {
            Tensor bias = layer.bias();
            return new Matrix(Memory.segment(layer.weight()), bias == null ? null : Memory.segment(bias), (int)
                    layer.weight().size(0));
        }
    }

    public Matrices(List<SkinnyGemm.Layer> layers) {
        this.layers = layers;
        each = layers.stream().map(Matrix::of).toList();
        out = each.stream().mapToInt(Matrix::out).sum();
        in = (int) layers.getFirst().weight().size(1);
        half = layers.getFirst().weight().dtype() == DType.BF16;
    }

    /** Columns of a row of the result. */
    public int out() {
        return out;
    }

    /** @param rows about how many a product will have */
    public void pack(ThreadTeam team, int rows) {
        packed = SkinnyGemm.Packed.of(layers, team, rows);
    }

    public void unpack() {
        if (packed != null) {
            packed.close();
            packed = null;
        }
    }

    /**
     * A thread's columns of each of the layers, or what they add to those that are there.
     *
     * @param y {@code [rows, out of all]}
     */
    public void apply(Block x, ThreadTeam team, int part, MemorySegment y, boolean added) {
        if (packed != null && (half || x.rows() >= SEVERAL)) {
            packed.apply(x.tensor(), part, y, added);
            return;
        }
        long at = 0;
        for (Matrix matrix : each) {
            int from = team.share(matrix.out, part);
            int to = team.share(matrix.out, part + 1);
            if (from < to) {
                Blas.linear(
                        x.values(), x.rows(), in, matrix.weight, matrix.bias, from, to, y.asSlice(4 * at), out, added);
            }
            at += matrix.out;
        }
    }
}
