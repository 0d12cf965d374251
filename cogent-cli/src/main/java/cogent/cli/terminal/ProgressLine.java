package cogent.cli.terminal;

import cogent.pipeline.run.Elapsed;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What is under way: a few lines that renew themselves on a terminal, a plain line now and then elsewhere. Thread-safe. */
public final class ProgressLine {
    private static final int BAR = 20;
    /** In a narrower terminal numbers take the place of the bar. */
    private static final int COLUMNS_FOR_BAR = 70;

    private static final long LIVE_NANOS = Duration.ofMillis(150).toNanos();
    private static final long PLAIN_NANOS = Duration.ofSeconds(15).toNanos();
    /** Elsewhere the parts are told with every so many lines. */
    private static final int PARTS_EVERY = 4;

    private final PrintWriter out;
    private final boolean live;
    private final Supplier<TerminalSize> measured;
    private final LongSupplier clock;
    private TerminalSize size = TerminalSize.USUAL;
    private String stage = "";
    private long started;
    private long first;
    private long shown;
    private long lastDone;
    private long lastTotal;
    private int lines;
    private List<String> drawn = List.of();

    /** Live on a terminal, plain lines elsewhere. */
    public static ProgressLine on(PrintWriter err) {
        return new ProgressLine(err, TerminalSize.isLive(), TerminalSize.watched());
    }

    /** @param measured how much the terminal shows at the moment: people draw windows larger and smaller */
    ProgressLine(PrintWriter out, boolean live, Supplier<TerminalSize> measured) {
        this(out, live, measured, System::nanoTime);
    }

    ProgressLine(PrintWriter out, boolean live, Supplier<TerminalSize> measured, LongSupplier clock) {
        this.out = out;
        this.live = live;
        this.measured = measured;
        this.clock = clock;
    }

    /**
     * Work has come so far.
     *
     * @param total 0 when it is not known
     * @param detail what else to say: loss, tokens, cost
     * @param parts what makes it up, a line each; the last is their sum
     */
    public synchronized void update(
            String name, long done, long total, String unit, String detail, List<String> parts) {
        long now = clock.getAsLong();
        if (!name.equals(stage)) {
            stage = name;
            begins(done, now);
            lines = 0;
            shown = live ? now - LIVE_NANOS : now;
        } else if (done < lastDone && (lastDone == lastTotal || total != lastTotal)) {
            begins(done, now); // the next model's answers, steps behind the reference's pairs
        }
        lastDone = done;
        lastTotal = total;
        if (now - shown < (live ? LIVE_NANOS : PLAIN_NANOS)) {
            return;
        }
        shown = now;
        size = live ? measured.get() : size;
        String sum = live || parts.isEmpty() ? "" : "  " + sum(parts);
        String head = " %-10s %s%s%s  %s%s"
                .formatted(name, bar(done, total, unit), rate(done, now), eta(done, total, now), detail, sum);
        if (live) {
            draw(head, parts);
        } else {
            out.println(head);
            if (++lines % PARTS_EVERY == 0 && !parts.isEmpty()) {
                parts.subList(0, parts.size() - 1).forEach(out::println);
            }
            out.flush();
        }
    }

    private void begins(long done, long now) {
        started = now;
        first = done;
    }

    /** A stage is done: its lasting line. */
    public synchronized void done(String name, String result, Duration took) {
        last(" %-10s %s  %s".formatted(name, result, Elapsed.text(took)));
        stage = "";
    }

    /** A lasting line of its own. */
    public synchronized void say(String text) {
        last(text);
    }

    /** The last of the parts as the end of a line. */
    private static String sum(List<String> parts) {
        return parts.getLast().strip().replaceAll(" {2,}", " ");
    }

    /** Lines that wrapped could not be renewed: they are cut to what the terminal shows. */
    private void draw(String head, List<String> parts) {
        List<String> fitting =
                size.fit(Stream.concat(Stream.of(head), parts.stream()).toList(), 1);
        erase();
        out.print(String.join("\n", fitting) + "\n");
        out.flush();
        drawn = fitting;
    }

    private void last(String text) {
        size = live ? measured.get() : size;
        erase();
        out.print(live ? Folding.of(text, size.columns()) : text + "\n");
        out.flush();
        drawn = List.of();
    }

    private void erase() {
        if (!drawn.isEmpty()) {
            TerminalWriter.erase(out, size.rows(drawn));
        }
    }

    private String bar(long done, long total, String unit) {
        if (total <= 0) {
            return "%,d %s".formatted(done, unit).strip();
        }
        String count = "%,d/%,d %s".formatted(done, total, unit).strip();
        if (!live || size.columns() < COLUMNS_FOR_BAR) {
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
        return "  ETA " + Elapsed.text(Duration.ofSeconds((long) seconds));
    }
}
