package cogent.cli.run;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** One line that renews itself on a terminal, a plain line now and then elsewhere. Thread-safe. */
final class ProgressLine implements Progress {
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

    ProgressLine(PrintWriter out, boolean live) {
        this.out = out;
        this.live = live;
    }

    @Override
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

    @Override
    public synchronized void done(String name, String result, Duration took) {
        line(" %-10s %s  %s".formatted(name, result, Progress.time(took)), true);
        stage = "";
    }

    @Override
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
        return "  ETA " + Progress.time(Duration.ofSeconds((long) seconds));
    }
}
