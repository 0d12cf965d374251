package cogent.model.decoder;

import cogent.model.hf.Rope;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/** Cosines and sines of all positions, made once and grown when a longer sequence comes. Safe for many threads. */
final class RopeTable {
    private final Rope rope;
    private final Device device;
    private final DType dtype;
    private final int headDim;
    private int positions;
    private @Nullable Rows all;

    /**
     * @param cos {@code [positions, headDim]}
     * @param sin the same, its first half negated, so that turning is two products and a sum
     */
    record Rows(Tensor cos, Tensor sin) {
        /** Turns pairs (i, i + headDim/2) of the last dimension. */
        Tensor turn(Tensor x) {
            return x.mul(cos).addcmul(x.roll(cos.size(-1) / 2, -1), sin);
        }

        Rows to(DType dtype) {
            return cos.dtype() == dtype ? this : new Rows(cos.to(dtype), sin.to(dtype));
        }
    }

    RopeTable(Rope rope, Device device, DType dtype) {
        this.rope = rope;
        this.device = device;
        this.dtype = dtype;
        headDim = 2 * rope.frequencies().size();
    }

    /** Positions 0 to {@code time - 1} as {@code [time, 1, headDim]}. */
    Rows first(int time) {
        Rows rows = atLeast(time);
        return new Rows(
                rows.cos.narrow(0, 0, time).unsqueeze(1),
                rows.sin.narrow(0, 0, time).unsqueeze(1));
    }

    /** One position for every row of the batch, {@code [batch, 1, 1, headDim]}. */
    Rows at(Tensor positions, int largest) {
        Rows rows = atLeast(largest + 1);
        return new Rows(
                rows.cos.indexSelect(0, positions).view(-1, 1, 1, headDim),
                rows.sin.indexSelect(0, positions).view(-1, 1, 1, headDim));
    }

    private synchronized Rows atLeast(int wanted) {
        Rows rows = all;
        if (rows == null || positions < wanted) {
            positions = Math.max(256, Math.max(wanted, 2 * positions));
            rows = make(positions);
            all = rows; // the old table is freed with its last user
        }
        return rows;
    }

    synchronized void close() {
        if (all != null) {
            all.cos.close();
            all.sin.close();
            all = null;
        }
    }

    private Rows make(int n) {
        float[] cos = new float[n * headDim];
        float[] sin = new float[n * headDim];
        int half = headDim / 2;
        for (int t = 0; t < n; t++) {
            for (int i = 0; i < half; i++) {
                // angles in single precision, as the reference implementations have them
                double angle = t * rope.frequencies().get(i).floatValue();
                int at = t * headDim + i;
                cos[at] = cos[at + half] = (float) (Math.cos(angle) * rope.scale());
                sin[at + half] = (float) (Math.sin(angle) * rope.scale());
                sin[at] = -sin[at + half];
            }
        }
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            return new Rows(
                    Tensors.of(cos, n, headDim).to(device, dtype).retained(),
                    Tensors.of(sin, n, headDim).to(device, dtype).retained());
        }
    }
}
