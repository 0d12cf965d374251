package cogent.data;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Something that the user gave is wrong: a file, a value, a setting. The message says what, where and what to do, in
 * words fit for the terminal; the command line prints it alone and exits with 2.
 */
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InputException(String message) {
        super(message);
    }

    public InputException(String message, Throwable cause) {
        super(message, cause);
    }

    /** @throws InputException with the message, unless the condition holds */
    public static void require(boolean holds, String message) {
        if (!holds) {
            throw new InputException(message);
        }
    }

    /** A file that the system does not let us read. */
    public static InputException unreadable(Path file, IOException e) {
        return new InputException(file + ": cannot be read (" + reason(e) + ")", e);
    }

    /** An I/O failure in words: the JDK's own messages often hold the bare path and nothing else. */
    public static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "no such file or folder";
            case AccessDeniedException _ -> "permission denied";
            case ClosedByInterruptException _ -> "the thread was interrupted";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}
