package cogent.model.decoder;

import cogent.model.hf.Rope;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Cosines and sines of all positions, made once and grown when a longer sequence comes. Safe for many threads. */
final class RopeTable {
    private final Rope rope;
    private final Device device;
    private final DType dtype;
    private final int turned;
    /** As they grew, each twice the one before: what reads an earlier one goes on reading it. */
    private final List<Rows> tables = new ArrayList<>();

    private int positions;

    /**
     * @param cos {@code [positions, turned]}
     * @param sin the same, its first half negated, so that turning is two products and a sum
     */
    record Rows(Tensor cos, Tensor sin) {
        /** Turns pairs (i, i + turned/2) of the last dimension, and leaves what is beyond them. */
        Tensor turn(Tensor x) {
            long turned = cos.size(-1);
            long rest = x.size(-1) - turned;
            if (turned == 0) {
                return x;
            }
            if (rest > 0) {
                List<Tensor> parts = x.split(new long[] {turned, rest}, -1);
                return Tensors.cat(List.of(turn(parts.get(0)), parts.get(1)), -1);
            }
            return x.mul(cos).addcmul(x.roll(turned / 2, -1), sin);
        }

        Rows to(DType dtype) {
            return cos.dtype() == dtype ? this : new Rows(cos.to(dtype), sin.to(dtype));
        }
    }

    /** One for every layer; layers that turn alike share theirs. */
    static List<RopeTable> of(List<Rope> ropes, Device device, DType dtype) {
        Map<Rope, RopeTable> made = new HashMap<>();
        return ropes.stream()
                .map(rope -> made.computeIfAbsent(rope, _ -> new RopeTable(rope, device, dtype)))
                .toList();
    }

    private RopeTable(Rope rope, Device device, DType dtype) {
        this.rope = rope;
        this.device = device;
        this.dtype = dtype;
        turned = 2 * rope.frequencies().size();
    }

    /** Positions 0 to {@code time - 1} as {@code [time, 1, turned]}. */
    Rows first(int time) {
        Rows rows = reaching(time);
        return new Rows(
                rows.cos.narrow(0, 0, time).unsqueeze(1),
                rows.sin.narrow(0, 0, time).unsqueeze(1));
    }

    /**
     * One position for every row of the batch, {@code [batch, 1, 1, turned]}.
     *
     * @param reach all positions are below it
     */
    Rows at(Tensor positions, int reach) {
        Rows rows = reaching(reach);
        return new Rows(
                rows.cos.indexSelect(0, positions).view(positions.size(0), 1, 1, turned),
                rows.sin.indexSelect(0, positions).view(positions.size(0), 1, 1, turned));
    }

    /** All positions below that one at least. */
    synchronized Rows reaching(int wanted) {
        if (positions < wanted) {
            positions = Math.max(256, Math.max(wanted, 2 * positions));
            tables.add(make(positions));
        }
        return tables.getLast();
    }

    synchronized void close() {
        for (Rows table : tables) {
            table.cos.close();
            table.sin.close();
        }
        tables.clear();
        positions = 0;
    }

    private Rows make(int n) {
        float[] cos = new float[n * turned];
        float[] sin = new float[n * turned];
        int half = turned / 2;
        for (int t = 0; t < n; t++) {
            for (int i = 0; i < half; i++) {
                // angles in single precision, as the reference implementations have them
                double angle = t * rope.frequencies().get(i).floatValue();
                int at = t * turned + i;
                cos[at] = cos[at + half] = (float) (Math.cos(angle) * rope.scale());
                sin[at + half] = (float) (Math.sin(angle) * rope.scale());
                sin[at] = -sin[at + half];
            }
        }
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            return new Rows(
                    Tensors.of(cos, n, turned).to(device, dtype).retained(),
                    Tensors.of(sin, n, turned).to(device, dtype).retained());
        }
    }
}
