package cogent.cli.terminal;

import cogent.pipeline.StagedRun.Done;
import cogent.pipeline.result.EvaluateResult;
import cogent.pipeline.result.ModelScores;
import cogent.pipeline.run.Elapsed;
import cogent.pipeline.run.ModelNames;
import cogent.pipeline.run.PipelineEvent.StageProgress;
import cogent.pipeline.run.PipelineEvent.Warning;
import cogent.pipeline.run.PipelineListener;
import cogent.pipeline.study.Forecast;
import cogent.pipeline.study.IncompleteRun;
import cogent.pipeline.study.StudyListener;
import cogent.pipeline.study.StudyRun;
import cogent.report.ResultText;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the user sees of a study: on a terminal one table, variant by seed, that renews itself; elsewhere a plain line for
 * every stage that was run, and now and then one for what is under way. Thread-safe.
 */
public final class StudyScreen implements StudyListener, AutoCloseable {
    private static final long LIVE_MILLIS = 500;
    private static final long PLAIN_MILLIS = 60_000;

    private final List<StudyRun> cells;
    private final PrintWriter out;
    private final boolean live;
    private final int jobs;
    private final Map<StudyRun, Map<String, Done>> done = new HashMap<>();
    private final Map<StudyRun, IncompleteRun> endings = new HashMap<>();
    private final Map<StudyRun, Work> atWork = new LinkedHashMap<>();
    private final Thread painter;
    private final long started = System.nanoTime();
    private volatile boolean closed;
    private final Supplier<TerminalSize> size = TerminalSize.watched();
    private List<String> drawn = List.of();
    private @Nullable Forecast forecast;

    /** What a cell is doing. */
    private record Work(String stage, String count, String detail) {}

    /** @param live whether {@code out} is a terminal */
    public StudyScreen(List<StudyRun> cells, int jobs, PrintWriter out, boolean live) {
        this.cells = cells;
        this.jobs = jobs;
        this.out = out;
        this.live = live;
        this.painter = Thread.ofPlatform().daemon().name("screen").start(this::paint);
    }

    @Override
    public PipelineListener of(StudyRun run) {
        return event -> {
            if (event instanceof StageProgress p) {
                String of = p.total() > 0 ? "%,d/%,d".formatted(p.done(), p.total()) : "%,d".formatted(p.done());
                String detail =
                        ProgressText.of(p.detail(), ModelNames.of(run.run().recipe()));
                put(run, new Work(ProgressText.label(p), of, p.unit() + "  " + detail.strip()));
            } else if (event instanceof Warning warning) {
                say(run + ": " + warning.text());
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
                            stage.equals("evaluate")
                                    ? accuracy(result)
                                    : ResultText.of(
                                                    cell.run().recipe(),
                                                    cell.run().directory())
                                            .of(stage, result.result()),
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
        out.print(live ? Folding.of(text, size.get().columns()) : text + "\n");
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
        List<String> lines = size.get().fit(table(), atWork.size() + 2);
        lines.forEach(out::println);
        drawn = lines;
        out.flush();
    }

    private void erase() {
        if (!drawn.isEmpty()) {
            TerminalWriter.erase(out, size.get().rows(drawn));
            drawn = List.of();
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
        ModelScores model = ((EvaluateResult) evaluated.result())
                .benchmarks()
                .getFirst()
                .models()
                .getFirst();
        return String.format(Locale.ROOT, "%.1f %%", 100 * model.accuracy());
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
            drawn = List.of(); // the last table stays
        }
    }
}
