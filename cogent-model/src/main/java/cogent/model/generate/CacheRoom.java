package cogent.model.generate;

import cogent.model.decoder.Decoder;
import cogent.model.decoder.KvCache;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A key-value cache that grows and shrinks with the texts under way, within its bytes; it belongs to the open scope. */
final class CacheRoom {
    /** Positions by which the cache grows at least: a copy of it then costs little beside the steps that fill them. */
    private static final int GROWTH = 256;

    /** The same of a device, which also records its steps anew for every new cache. */
    private static final int DEVICE_GROWTH = 1024;

    /** On a device slots come in so many, so that its memory sees few shapes. */
    private static final int ROWS = 8;

    private final Decoder decoder;
    private final int most;
    private final long bytes;
    private @Nullable KvCache cache;

    /** @param most slots, at most */
    CacheRoom(Decoder decoder, int most, long bytes) {
        this.decoder = decoder;
        this.most = most;
        this.bytes = bytes;
    }

    /** Whether so many slots of so many positions are within the bytes. */
    boolean holds(int slots, int positions) {
        double ofSlot = (double) positions * bytesPerPosition() + KvCache.bytesPerSlot(decoder.config());
        return padded(slots) * ofSlot <= bytes;
    }

    private long bytesPerPosition() {
        return KvCache.bytesPerPosition(decoder.config(), decoder.embedding().device(), decoder.compute());
    }

    /** So many slots are there for the given number. */
    private int padded(int rows) {
        return onCpu() || rows <= ROWS ? rows : (rows + ROWS - 1) / ROWS * ROWS;
    }

    private int growth() {
        return onCpu() ? GROWTH : DEVICE_GROWTH;
    }

    private boolean onCpu() {
        return decoder.embedding().device().isCpu();
    }

    /** The cache as it was last asked for. */
    KvCache current() {
        return Objects.requireNonNull(cache);
    }

    /**
     * The cache with room for the next step: it grows with the texts, not to what they might come to.
     *
     * @param rows under way
     * @param needed positions, for now
     * @param longest positions that the longest text can reach
     */
    KvCache cache(int rows, int needed, int longest) {
        KvCache now = cache;
        if (now == null) {
            now = KvCache.allocate(
                    decoder.config(),
                    decoder.embedding().device(),
                    decoder.compute(),
                    padded(rows),
                    Math.min(needed + growth(), longest));
            cache = now;
            return now;
        }
        int slots = slots(now.slots(), padded(rows));
        int capacity = now.capacity() >= needed
                ? now.capacity()
                : Math.min(Math.max(needed, now.capacity() + Math.max(growth(), now.capacity() / 2)), longest);
        if (!holds(slots, capacity)) {
            slots = padded(rows);
            capacity = Math.max(needed, Math.min(capacity, longest));
        }
        if (slots != now.slots() || capacity != now.capacity()) {
            now = now.resized(slots, capacity);
            cache = now;
        }
        return now;
    }

    private int slots(int now, int needed) {
        if (needed > now) {
            return Math.max(needed, Math.min(padded(most), now + now / 2));
        }
        return needed <= now / 2 ? needed : now;
    }

    void free() {
        if (cache != null) {
            cache.close();
            cache = null;
        }
    }
}
