package cogent.cli;

import cogent.data.InputException;
import cogent.llm.ChatException;
import cogent.model.tensor.DeviceMemory;
import cogent.pipeline.keys.Nearest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Failures in a line or two, and their exit codes: 2 when the user can mend what was given, 1 when something failed.
 *
 * @param debug whether stack traces are shown too
 */
record Failures(PrintWriter err, BooleanSupplier debug) {
    private static final int FAILED = 1;
    private static final int MISTAKE = 2;

    /** Says what went wrong; gives the exit code. */
    int told(Throwable e) {
        if (debug.getAsBoolean()) {
            e.printStackTrace(err);
        }
        return switch (e) {
            case ParameterException wrong -> say(usage(wrong), MISTAKE);
            case InputException wrong -> say(wrong.getMessage(), diskFull(wrong) ? FAILED : MISTAKE);
            case ChatException chat ->
                say(
                        chat.getMessage(),
                        chat.kind() == ChatException.Kind.FATAL && !caused(chat, IOException.class) ? MISTAKE : FAILED);
            case UncheckedIOException io -> say(io(io), FAILED);
            case OutOfMemoryError _ ->
                say(
                        "out of memory: " + e.getMessage() + ". Smaller batches or a shorter max_length need less.",
                        FAILED);
            case RuntimeException full
            when DeviceMemory.wasFull(full) ->
                say(
                        "the GPU's memory is full: " + first(full)
                                + "\n`cogent plan` says with which settings a recipe fits; dtype: bf16 halves a model.",
                        FAILED);
            case ExceptionInInitializerError initial
            when initial.getCause() instanceof InputException missing -> told(missing);
            default -> say("failed: " + first(e) + (debug.getAsBoolean() ? "" : "\n(--debug shows where)"), FAILED);
        };
    }

    private int say(@Nullable String message, int code) {
        err.println(message);
        err.flush();
        return code;
    }

    /** What is wrong on the command line, and the command that explains it. */
    private static String usage(ParameterException e) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        String message = String.valueOf(e.getMessage());
        if (e instanceof UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().getFirst();
            boolean option = word.startsWith("-");
            List<String> known = option
                    ? command.getCommandSpec().optionsMap().keySet().stream().toList()
                    : command.getSubcommands().keySet().stream().toList();
            String meant = Nearest.to(word, known)
                    .map(k -> ". Did you mean \"" + k + "\"?")
                    .orElse("");
            message = (option ? "no such option: " : known.isEmpty() ? "one argument too many: " : "no such command: ")
                    + word
                    + meant;
        }
        return name + ": " + message.lines().findFirst().orElse("") + "\n`" + name + " --help` shows what it takes.";
    }

    /** File and reason, once each. */
    private static String io(UncheckedIOException e) {
        IOException cause = Objects.requireNonNull(e.getCause());
        String reason = InputException.reason(cause);
        String message = e.getMessage();
        String told = message == null || message.equals(cause.toString())
                ? reason
                : message.contains(reason) ? message : message + " (" + reason + ")";
        return diskFull(e)
                ? told + "\nEverything finished before is kept. Make space and rerun the same command."
                : told;
    }

    private static boolean diskFull(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (message.contains("No space left") || message.contains("SQLITE_FULL")) {
                return true;
            }
        }
        return false;
    }

    private static boolean caused(Throwable e, Class<? extends Throwable> type) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    /** Native libraries append pages of frames to their messages. */
    private static String first(Throwable e) {
        return e.getMessage() == null
                ? e.getClass().getSimpleName()
                : e.getMessage().lines().findFirst().orElse("");
    }
}
