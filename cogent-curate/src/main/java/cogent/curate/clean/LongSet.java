package cogent.curate.clean;

/** A set of hashes without boxes: 16 bytes an entry or less, where {@code HashSet<Long>} takes four times that. */
final class LongSet {
    private long[] slots = new long[1024];
    private int size;
    private boolean holdsZero;

    /** @return whether it was not there before */
    boolean add(long value) {
        if (value == 0) {
            boolean added = !holdsZero;
            holdsZero = true;
            return added;
        }
        if (!put(slots, value)) {
            return false;
        }
        if (++size > slots.length / 4 * 3) {
            long[] larger = new long[slots.length * 2];
            for (long old : slots) {
                if (old != 0) {
                    put(larger, old);
                }
            }
            slots = larger;
        }
        return true;
    }

    private static boolean put(long[] slots, long value) {
        int at = (int) Shingles.mix(value) & (slots.length - 1);
        while (slots[at] != 0) {
            if (slots[at] == value) {
                return false;
            }
            at = (at + 1) & (slots.length - 1);
        }
        slots[at] = value;
        return true;
    }
}
