package cogent.cli.terminal;

import cogent.pipeline.StagedRun.Done;
import cogent.pipeline.run.Elapsed;
import cogent.pipeline.run.Progress;
import cogent.pipeline.study.Forecast;
import cogent.pipeline.study.IncompleteRun;
import cogent.pipeline.study.StudyListener;
import cogent.pipeline.study.StudyRun;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the user sees of a study: on a terminal one table, variant by seed, that renews itself; elsewhere a plain line for
 * every stage that was run, and now and then one for what is under way. Thread-safe.
 */
public final class StudyScreen implements StudyListener, AutoCloseable {
    private static final long LIVE_MILLIS = 400;
    private static final long PLAIN_MILLIS = 60_000;

    private final List<StudyRun> cells;
    private final PrintWriter out;
    private final boolean live;
    private final int jobs;
    private final TerminalSize window;
    private final Map<StudyRun, Map<String, Done>> done = new HashMap<>();
    private final Map<StudyRun, IncompleteRun> endings = new HashMap<>();
    private final Map<StudyRun, Work> atWork = new LinkedHashMap<>();
    private final Thread painter;
    private final long started = System.nanoTime();
    private volatile boolean closed;
    private int drawn;
    private @Nullable Forecast forecast;

    /** What a cell is doing. */
    private record Work(String stage, String count, String detail) {}

    /** @param live whether {@code out} is a terminal */
    public StudyScreen(List<StudyRun> cells, int jobs, PrintWriter out, boolean live) {
        this.cells = cells;
        this.jobs = jobs;
        this.out = out;
        this.live = live;
        this.window = live ? TerminalSize.here() : TerminalSize.USUAL;
        this.painter = Thread.ofPlatform().daemon().name("screen").start(this::paint);
    }

    @Override
    public Progress of(StudyRun cell) {
        return new Progress() {
            @Override
            public void update(String stage, long count, long total, String unit, String detail) {
                String of = total > 0 ? "%,d/%,d".formatted(count, total) : "%,d".formatted(count);
                put(cell, new Work(stage, of, unit + "  " + detail.strip()));
            }

            @Override
            public void done(String stage, String result, Duration took) {}

            @Override
            public void say(String text) {
                StudyScreen.this.say(cell + ": " + text);
            }
        };
    }

    @Override
    public synchronized void started(StudyRun cell, String stage) {
        atWork.put(cell, new Work(stage, "", ""));
    }

    private synchronized void put(StudyRun cell, Work work) {
        atWork.put(cell, work);
    }

    @Override
    public synchronized void finished(StudyRun cell, String stage, Done result) {
        boolean ran = atWork.remove(cell) != null;
        done.computeIfAbsent(cell, _ -> new LinkedHashMap<>()).put(stage, result);
        forecast = null;
        if (!live && ran) {
            Forecast now = forecast();
            line(" [%d/%d] %s · %s  %s  %s"
                    .formatted(
                            now.done(),
                            now.distinct(),
                            cell,
                            stage,
                            stage.equals("evaluate") ? accuracy(result) : result.line(),
                            Elapsed.text(Duration.ofMillis(Math.round(1000 * result.seconds())))));
        }
    }

    @Override
    public synchronized void ended(StudyRun cell, IncompleteRun ending) {
        atWork.remove(cell);
        endings.put(cell, ending);
        say(cell + " " + ending);
    }

    /** A lasting line. */
    public synchronized void say(String text) {
        erase();
        line(text);
    }

    private void line(String text) {
        out.println(text);
        out.flush();
    }

    private void paint() {
        try {
            while (!closed) {
                TimeUnit.MILLISECONDS.sleep(live ? LIVE_MILLIS : PLAIN_MILLIS);
                if (live) {
                    draw();
                } else {
                    tell();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void tell() {
        atWork.forEach(
                (cell, work) -> line(" %s · %s %s %s".formatted(cell, work.stage(), work.count(), work.detail())));
        line(" " + foot());
    }

    private synchronized void draw() {
        erase();
        List<String> lines = window.fit(table(), atWork.size() + 2);
        lines.forEach(out::println);
        drawn = lines.size();
        out.flush();
    }

    private void erase() {
        if (drawn > 0) {
            out.print("\u001b[" + drawn + "A\u001b[J");
            drawn = 0;
        }
    }

    private List<String> table() {
        List<String> variants = cells.stream().map(StudyRun::variant).distinct().toList();
        List<Long> seeds = cells.stream().map(StudyRun::seed).distinct().toList();
        int name = variants.stream().mapToInt(String::length).max().orElse(0);
        List<String> lines = new ArrayList<>();
        StringBuilder head = new StringBuilder(" " + " ".repeat(name));
        seeds.forEach(seed -> head.append("  %14s".formatted("seed " + seed)));
        lines.add(head.toString());
        for (String variant : variants) {
            StringBuilder row = new StringBuilder((" %-" + name + "s").formatted(variant));
            cells.stream()
                    .filter(c -> c.variant().equals(variant))
                    .forEach(c -> row.append("  %14s".formatted(state(c))));
            lines.add(row.toString());
        }
        lines.add("");
        atWork.forEach(
                (cell, work) -> lines.add(" %s · %s %s %s".formatted(cell, work.stage(), work.count(), work.detail())));
        lines.add(" " + foot());
        return lines;
    }

    private String state(StudyRun cell) {
        Map<String, Done> own = done.getOrDefault(cell, Map.of());
        Work work = atWork.get(cell);
        Done evaluated = own.get("evaluate");
        if (evaluated != null) {
            return accuracy(evaluated);
        }
        IncompleteRun ending = endings.get(cell);
        if (ending != null) {
            return ending.word();
        }
        return work != null
                ? "▸ " + work.stage()
                : own.isEmpty()
                        ? "·"
                        : "%d/%d".formatted(own.size(), cell.run().stages().size());
    }

    /** Of the first benchmark. */
    private static String accuracy(Done evaluated) {
        JsonNode model =
                evaluated.summary().path("benchmarks").path(0).path("models").path(0);
        return String.format(
                Locale.ROOT, "%.1f %%", 100 * model.path("accuracy").asDouble());
    }

    private Forecast forecast() {
        if (forecast == null) {
            forecast = Forecast.of(cells, done);
        }
        return forecast;
    }

    private String foot() {
        Forecast now = forecast();
        String left = now.done() < now.distinct() && now.secondsLeft(jobs).isPresent()
                ? ", at most about "
                        + Elapsed.text(
                                Duration.ofSeconds((long) now.secondsLeft(jobs).getAsDouble())) + " left"
                : "";
        return "%d of %d stages, %d of %d runs, %s%s"
                .formatted(
                        now.done(),
                        now.distinct(),
                        now.complete(),
                        now.cells(),
                        Elapsed.text(Duration.ofNanos(System.nanoTime() - started)),
                        left);
    }

    @Override
    public void close() {
        closed = true;
        painter.interrupt();
        if (live) {
            draw();
            drawn = 0; // the last table stays
        }
    }
}
