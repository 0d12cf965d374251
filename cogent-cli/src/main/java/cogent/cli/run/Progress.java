package cogent.cli.run;

import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * What the user sees of long work: one line that renews itself on a terminal, a plain line now and then elsewhere.
 * Thread-safe.
 */
public final class Progress {
    private static final int BAR = 20;
    private static final long LIVE_NANOS = Duration.ofMillis(150).toNanos();
    private static final long PLAIN_NANOS = Duration.ofSeconds(15).toNanos();

    private final PrintWriter out;
    private final boolean live;
    private String stage = "";
    private long started;
    private long first;
    private long shown;
    private int width;

    public Progress(PrintWriter out, boolean live) {
        this.out = out;
        this.live = live;
    }

    /** Live on a terminal, plain lines elsewhere. */
    public static Progress on(PrintWriter err) {
        return new Progress(
                err,
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false));
    }

    /**
     * Work has come so far.
     *
     * @param total 0 when it is not known
     * @param detail what else to say: loss, tokens, cost
     */
    public synchronized void update(String name, long done, long total, String unit, String detail) {
        long now = System.nanoTime();
        if (!name.equals(stage)) {
            stage = name;
            started = now;
            first = done;
            shown = live ? 0 : now;
        }
        if (now - shown < (live ? LIVE_NANOS : PLAIN_NANOS)) {
            return;
        }
        shown = now;
        line(
                " %-10s %s  %s%s%s"
                        .formatted(name, bar(done, total, unit), detail, rate(done, now), eta(done, total, now)),
                false);
    }

    /** A stage is done: its lasting line. */
    public synchronized void done(String name, String result, Duration took) {
        line(" %-10s %s  %s".formatted(name, result, time(took)), true);
        stage = "";
    }

    /** A lasting line of its own. */
    public synchronized void say(String text) {
        line(text, true);
    }

    private void line(String text, boolean lasting) {
        if (live) {
            out.print("\r" + text + " ".repeat(Math.max(0, width - text.length())) + (lasting ? "\n" : ""));
            width = lasting ? 0 : text.length();
        } else {
            out.println(text);
        }
        out.flush();
    }

    private String bar(long done, long total, String unit) {
        if (total <= 0) {
            return "%,d %s".formatted(done, unit);
        }
        String count = "%,d/%,d %s".formatted(done, total, unit);
        if (!live) {
            return count;
        }
        int full = (int) Math.min(BAR, done * BAR / total);
        return "█".repeat(full) + "·".repeat(BAR - full) + " " + count;
    }

    private String rate(long done, long now) {
        double perSecond = (done - first) * 1e9 / Math.max(1, now - started);
        return perSecond <= 0
                ? ""
                : perSecond < 1
                        ? String.format(Locale.ROOT, "  %.1f/min", 60 * perSecond)
                        : String.format(Locale.ROOT, perSecond < 10 ? "  %.1f/s" : "  %.0f/s", perSecond);
    }

    private String eta(long done, long total, long now) {
        if (total <= 0 || done <= first || done >= total) {
            return "";
        }
        double seconds = (now - started) / 1e9 / (done - first) * (total - done);
        return "  ETA " + time(Duration.ofSeconds((long) seconds));
    }

    /** A duration as people write it: {@code 6s}, {@code 2m41s}, {@code 1h10m}. */
    public static String time(Duration duration) {
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
