package cogent.model.direct;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/**
 * Rotary positions.
 *
 * @param cos F32 {@code [positions, turned]}
 * @param sin the same, its first half negated
 */
public record Rotation(MemorySegment cos, MemorySegment sin, int turned) {
    /** Turns pairs (i, i + turned/2) of a head in place. */
    public void turn(MemorySegment heads, long at, int position) {
        long row = (long) position * turned;
        int half = turned / 2;
        for (int i = 0; i < half; i++) {
            float a = heads.getAtIndex(JAVA_FLOAT, at + i);
            float b = heads.getAtIndex(JAVA_FLOAT, at + half + i);
            float first = a * cos.getAtIndex(JAVA_FLOAT, row + i) + b * sin.getAtIndex(JAVA_FLOAT, row + i);
            long other = row + half + i;
            heads.setAtIndex(JAVA_FLOAT, at + i, first);
            heads.setAtIndex(
                    JAVA_FLOAT,
                    at + half + i,
                    b * cos.getAtIndex(JAVA_FLOAT, other) + a * sin.getAtIndex(JAVA_FLOAT, other));
        }
    }
}
