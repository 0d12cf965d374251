package cogent.eval.code;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A stream read to its end, of which so much is kept. */
final class CapturedStream {
    private final Thread thread;
    private final byte[] kept;
    private final boolean tail;
    private volatile int length;
    private volatile boolean full;

    CapturedStream(InputStream in, long limit, boolean tail) {
        kept = new byte[Math.toIntExact(limit)];
        this.tail = tail;
        thread = Thread.ofVirtual().start(() -> read(in));
    }

    private void read(InputStream in) {
        byte[] buffer = new byte[1 << 13];
        int size = 0;
        try (in) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                int room = kept.length - size;
                if (n > room && tail) {
                    int drop = Math.min(size, n - room);
                    System.arraycopy(kept, drop, kept, 0, size - drop);
                    size -= drop;
                    room += drop;
                }
                int from = Math.max(0, tail ? n - room : 0);
                int count = Math.min(n - from, room);
                System.arraycopy(buffer, from, kept, size, count);
                size += count;
                length = size;
                if (!tail && count < n) {
                    full = true;
                }
            }
        } catch (IOException e) {
            return; // the process was killed
        }
    }

    boolean full() {
        return full;
    }

    String text() throws InterruptedException {
        thread.join(Duration.ofSeconds(5));
        return new String(kept, 0, length, StandardCharsets.UTF_8);
    }
}
