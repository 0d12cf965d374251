package cogent.data;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/** Work on files that an interrupt of the thread must not break: the JDK closes a channel under who is interrupted. */
public final class Uninterrupted {
    private Uninterrupted() {}

    /** Work that may be begun again. */
    @FunctionalInterface
    public interface FileWork {
        void run() throws IOException;
    }

    /** Runs the work, again from its beginning where an interrupt closed its file; the thread is interrupted again afterwards. */
    public static void run(FileWork work) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    work.run();
                    return;
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
