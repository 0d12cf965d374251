package cogent.model.direct;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/** What is no product in a step, as loops over numbers in single precision. */
public final class RowLoops {
    private RowLoops() {}

    /** RMSNorm of as many values as there are gains. */
    public static void norm(MemorySegment from, long at, float[] gains, double eps, MemorySegment to) {
        double squares = 0;
        for (int i = 0; i < gains.length; i++) {
            float value = from.getAtIndex(JAVA_FLOAT, at + i);
            squares += value * value;
        }
        float scale = (float) (1 / Math.sqrt(squares / gains.length + eps));
        for (int i = 0; i < gains.length; i++) {
            to.setAtIndex(JAVA_FLOAT, at + i, from.getAtIndex(JAVA_FLOAT, at + i) * scale * gains[i]);
        }
    }

    /** softmax(scale · p), in place. */
    public static void softmax(MemorySegment p, int count, float scale) {
        float highest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            highest = Math.max(highest, p.getAtIndex(JAVA_FLOAT, i));
        }
        float sum = 0;
        for (int i = 0; i < count; i++) {
            float e = (float) Math.exp((p.getAtIndex(JAVA_FLOAT, i) - highest) * scale);
            p.setAtIndex(JAVA_FLOAT, i, e);
            sum += e;
        }
        scale(p, count, 1 / sum);
    }

    public static void scale(MemorySegment values, int count, double factor) {
        for (int i = 0; factor != 1 && i < count; i++) {
            values.setAtIndex(JAVA_FLOAT, i, (float) (values.getAtIndex(JAVA_FLOAT, i) * factor));
        }
    }

    /** Numbers in BF16, which is the upper half of F32, from an index on. */
    public static void widen(MemorySegment from, long at, int count, MemorySegment to, long into) {
        for (int i = 0; i < count; i++) {
            int bits = from.getAtIndex(JAVA_SHORT, at + i) << 16;
            to.setAtIndex(JAVA_FLOAT, into + i, Float.intBitsToFloat(bits));
        }
    }

    /** silu(gate) · up of some columns of a row that holds both, {@code [2 width]}. */
    public static void gate(MemorySegment gateUp, int row, int width, int from, int to, MemorySegment gated) {
        for (int i = from; i < to; i++) {
            float gate = gateUp.getAtIndex(JAVA_FLOAT, 2L * row * width + i);
            float up = gateUp.getAtIndex(JAVA_FLOAT, (2L * row + 1) * width + i);
            gated.setAtIndex(JAVA_FLOAT, (long) row * width + i, gate / (1 + (float) Math.exp(-gate)) * up);
        }
    }
}
