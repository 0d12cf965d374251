package cogent.cli.command;

import cogent.cli.terminal.Folding;
import cogent.cli.terminal.Signals;
import cogent.cli.terminal.StudyScreen;
import cogent.cli.terminal.StudyText;
import cogent.cli.terminal.TerminalSize;
import cogent.data.Count;
import cogent.data.InputException;
import cogent.pipeline.Shell;
import cogent.pipeline.run.Elapsed;
import cogent.pipeline.run.StopRequest;
import cogent.pipeline.study.Forecast;
import cogent.pipeline.study.Grid;
import cogent.pipeline.study.IncompleteRun;
import cogent.pipeline.study.Study;
import cogent.pipeline.study.StudyFiles;
import cogent.pipeline.study.StudyReader;
import cogent.pipeline.study.StudyResult;
import cogent.pipeline.study.StudyRun;
import cogent.report.StudyReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cogent study}: a grid of variants and seeds, and what it comes to. */
@Command(
        name = "study",
        mixinStandardHelpOptions = true,
        description = {
            "runs a recipe with variants and seeds, shared stages once, and compares what comes out",
            "It leaves report.html, study.csv and study.json."
        })
public final class StudyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "STUDY", description = "the study file (YAML): recipe, variants, seeds, baseline, compare")
    private Path file = Path.of("study.yaml");

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "overrides one setting of the recipe under all variants; may be repeated")
    private List<String> sets = List.of();

    @Option(names = "--seeds", split = ",", paramLabel = "SEED", description = "these seeds in place of the file's")
    private List<Long> seeds = List.of();

    @Option(
            names = "--jobs",
            defaultValue = "1",
            paramLabel = "N",
            description =
                    "runs at work at the same time, which share the cores; for small models many are faster (default: 1)")
    private int jobs;

    @Option(names = "--plan", description = "shows what would run and how long, from what is measured so far")
    private boolean plan;

    @Override
    public Integer call() throws InterruptedException {
        int cores = Runtime.getRuntime().availableProcessors();
        if (jobs < 1) {
            throw new InputException("--jobs " + jobs + ": at least one run has to be at work");
        }
        Study study = StudyReader.read(file, sets, seeds, Math.max(1, cores / jobs));
        List<StudyRun> cells = StudyRun.of(study);
        return plan ? plan(study, cells) : run(study, cells);
    }

    private int plan(Study study, List<StudyRun> cells) {
        PrintWriter out = spec.commandLine().getOut();
        Forecast forecast = Forecast.of(cells);
        out.printf(
                " %s: %s, %s, %s, %d of them complete%n%n",
                study.name(),
                Count.of(study.variants().size(), "variant"),
                Count.of(study.seeds().size(), "seed"),
                Count.of(forecast.cells(), "run"),
                forecast.complete());
        out.printf(" %-12s %10s %6s %6s   %s%n", "stage", "distinct", "done", "left", "each, measured in this study");
        for (Forecast.Row row : forecast.rows()) {
            out.printf(
                    " %-12s %10d %6d %6d   %s%n",
                    row.stage(),
                    row.distinct(),
                    row.done(),
                    row.left(),
                    row.seconds().isPresent() ? time(row.seconds().getAsDouble()) : "not yet");
        }
        out.println();
        out.println(
                forecast.secondsLeft(jobs).isPresent()
                        ? " left: at most about "
                                + time(forecast.secondsLeft(jobs).getAsDouble()) + " with --jobs " + jobs
                                + "; stages that turn out to be made of the same are run once"
                        : " no time yet: every stage that is left has to have run once");
        out.flush();
        return 0;
    }

    private int run(Study study, List<StudyRun> cells) throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        try (StudyFiles files = StudyFiles.open(study)) {
            cells.forEach(cell -> cell.run().requireGiven());
            err.printf(
                    "Study %s: %s × %s, %d at a time%n%n",
                    study.name(),
                    Count.of(study.variants().size(), "variant"),
                    Count.of(study.seeds().size(), "seed"),
                    jobs);
            Map<StudyRun, IncompleteRun> open;
            StopRequest stop;
            try (StudyScreen screen = new StudyScreen(cells, jobs, err, TerminalSize.isLive())) {
                stop = Signals.handled(screen::say);
                open = new Grid(cells, stop, screen).run(jobs);
            }
            StudyResult data = files.write(cells, command());
            files.writeReport(StudyReport.html(data));
            if (stop.asked()) {
                err.println("Saved. Continue with: " + command());
                return Signals.exitCode();
            }
            PrintWriter out = spec.commandLine().getOut();
            out.print(Folding.here(StudyText.of(data)));
            out.println(" report   " + files.report());
            out.flush();
            open.forEach((cell, ending) -> err.println(cell + " " + ending));
            if (!open.isEmpty()) {
                err.printf(
                        "%d of %s not complete; the same command tries again.%n",
                        open.size(), Count.of(cells.size(), "run is", "runs are"));
            }
            return open.isEmpty() ? 0 : 1;
        }
    }

    /** The command that has or continues this study. */
    private String command() {
        StringBuilder command = new StringBuilder(Shell.cogent() + " study " + Shell.quoted(file.toString()));
        sets.forEach(s -> command.append(" --set ").append(Shell.quoted(s)));
        if (!seeds.isEmpty()) {
            command.append(" --seeds ")
                    .append(String.join(",", seeds.stream().map(String::valueOf).toList()));
        }
        return command + (jobs == 1 ? "" : " --jobs " + jobs);
    }

    private static String time(double seconds) {
        return Elapsed.text(Duration.ofMillis(Math.round(1000 * seconds)));
    }
}
