package cogent.data.file;

import cogent.data.Sha256;
import java.nio.ByteBuffer;

/**
 * Which ids were seen, and where first: 128 bits of SHA-256 and a line number an id in open addressing, so about 48 bytes
 * an id whatever its length.
 */
public final class SeenIds {
    private final Sha256 sha256 = new Sha256();
    private long[] high = new long[1 << 10];
    private long[] low = new long[1 << 10];
    private long[] line = new long[1 << 10]; // 0: free
    private int size;

    /** Notes an id; returns the line where it stood first, or 0 when it is new. */
    public long first(String id, long at) {
        ByteBuffer hash = ByteBuffer.wrap(sha256.add(id).bytes());
        long before = put(hash.getLong(), hash.getLong(), at);
        if (before == 0 && ++size > line.length / 2) {
            grow();
        }
        return before;
    }

    private long put(long h, long l, long at) {
        int slot = (int) l & (line.length - 1);
        while (line[slot] != 0) {
            if (high[slot] == h && low[slot] == l) {
                return line[slot];
            }
            slot = (slot + 1) & (line.length - 1);
        }
        high[slot] = h;
        low[slot] = l;
        line[slot] = at;
        return 0;
    }

    private void grow() {
        long[] oldHigh = high;
        long[] oldLow = low;
        long[] oldLine = line;
        high = new long[2 * oldHigh.length];
        low = new long[2 * oldLow.length];
        line = new long[2 * oldLine.length];
        for (int i = 0; i < oldLine.length; i++) {
            if (oldLine[i] != 0) {
                put(oldHigh[i], oldLow[i], oldLine[i]);
            }
        }
    }
}
