package cogent.cli.run;

import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the user sees of long work. Called from any thread. */
public interface Progress {
    /** Live on a terminal, plain lines elsewhere. */
    static Progress on(PrintWriter err) {
        return new ProgressLine(err, isTerminal());
    }

    /** Whether somebody looks at lines that renew themselves. */
    static boolean isTerminal() {
        return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }

    /**
     * Work has come so far.
     *
     * @param total 0 when it is not known
     * @param detail what else to say: loss, tokens, cost
     */
    void update(String stage, long done, long total, String unit, String detail);

    /**
     * The same with what makes it up, such as the use of each agent.
     *
     * @param parts a line each; the last is their sum
     */
    default void update(String stage, long done, long total, String unit, String detail, List<String> parts) {
        update(stage, done, total, unit, detail + "  " + sum(parts));
    }

    /** The last of the parts as the end of a line. */
    static String sum(List<String> parts) {
        return parts.getLast().strip().replaceAll(" {2,}", " ");
    }

    /** A stage is done: its lasting line. */
    void done(String stage, String result, Duration took);

    /** A lasting line of its own. */
    void say(String text);

    /** A duration as people write it: {@code 6s}, {@code 2m41s}, {@code 1h10m}. */
    static String time(Duration duration) {
        long s = duration.toSeconds();
        if (s < 10) {
            return String.format(Locale.ROOT, "%.1fs", duration.toMillis() / 1e3);
        }
        return s < 60
                ? s + "s"
                : s < 3600
                        ? s / 60 + "m" + "%02ds".formatted(s % 60)
                        : s / 3600 + "h" + "%02dm".formatted(s % 3600 / 60);
    }
}
