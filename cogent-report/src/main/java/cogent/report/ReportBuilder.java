package cogent.report;

import cogent.data.AtomicFile;
import cogent.pipeline.Pipeline;
import cogent.pipeline.RunStatus;
import cogent.pipeline.Shell;
import cogent.pipeline.curate.Teachers;
import cogent.pipeline.evaluate.EvaluateStage;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.Elapsed;
import cogent.pipeline.run.Environment;
import cogent.pipeline.run.Manifest;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Students;
import cogent.pipeline.run.Version;
import cogent.report.ReportData.Artefact;
import cogent.report.ReportData.Stage.State;
import cogent.report.ReportData.StageKind;
import cogent.report.ReportData.Title;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Gathers what a run directory holds and writes it as {@code report.html}. */
public final class ReportBuilder {
    /** The stages that the report speaks of; the others only prepare their files. */
    private static final Map<String, StageKind> KINDS = Map.of(
            "raw-sft", StageKind.BASELINE,
            "curate", StageKind.CURATE,
            "sft", StageKind.SFT,
            "align", StageKind.ALIGN,
            "evaluate", StageKind.EVALUATE);

    private final Recipe recipe;
    private final RunDirectory run;
    private final RunStatus status;

    private ReportBuilder(Recipe recipe, RunDirectory run) {
        this.recipe = recipe;
        this.run = run;
        this.status = RunStatus.of(recipe, run);
    }

    /**
     * Writes the report of what has run.
     *
     * @throws cogent.data.InputException when a file of the run cannot be read
     * @throws UncheckedIOException when the report cannot be written
     */
    public static void write(Recipe recipe, RunDirectory run) {
        write(recipe, run, run.report());
    }

    /** The same to a file of one's own. */
    public static void write(Recipe recipe, RunDirectory run, Path target) {
        String html = Report.html(data(recipe, run));
        AtomicFile.write(target, html);
    }

    public static ReportData data(Recipe recipe, RunDirectory run) {
        ReportBuilder builder = new ReportBuilder(recipe, run);
        return new ReportData(
                builder.title(),
                builder.stages(),
                new CurationReport(recipe, run).of(builder.status.of("curate")),
                new TrainingReport(recipe, run, builder.status).trainings(),
                builder.status
                        .evaluation()
                        .map(result -> new EvaluationReport(new EvaluateStage(recipe, run)).benchmarks(result))
                        .orElse(List.of()),
                builder.recipeText(),
                Environment.of(run),
                builder.artefacts());
    }

    private Title title() {
        Instant last = status.last().filter(_ -> status.complete()).orElseGet(Instant::now);
        double seconds =
                status.done().values().stream().mapToDouble(Manifest::seconds).sum();
        return new Title(
                recipe.name(),
                Version.NUMBER,
                last,
                Students.described(recipe),
                Teachers.described(recipe),
                Students.device(recipe),
                OptionalLong.of(recipe.seed()),
                Duration.ofMillis(Math.round(1000 * seconds)),
                command("run"));
    }

    private List<ReportData.Stage> stages() {
        List<ReportData.Stage> stages = new ArrayList<>();
        ResultText text = ResultText.of(recipe, run);
        for (String stage : status.stages()) {
            StageKind kind = KINDS.get(stage);
            if (kind != null) {
                stages.add(new ReportData.Stage(
                        kind,
                        stage.replace('-', ' '),
                        state(stage),
                        status.of(stage)
                                .map(m -> text.of(stage, m.result()) + " · "
                                        + Elapsed.text(Duration.ofMillis(Math.round(1000 * m.seconds()))))
                                .orElse(""),
                        command(Pipeline.command(stage))));
            }
        }
        return stages;
    }

    private State state(String stage) {
        if (status.of(stage).isPresent()) {
            return State.DONE;
        }
        Path begun = switch (stage) {
            case "curate" -> run.database();
            case "evaluate" -> run.evaluation();
            default -> run.checkpoints(stage);
        };
        return Files.exists(begun) && (!stage.equals("curate") || CurationReport.begun(run))
                ? State.PARTLY
                : State.NOT_RUN;
    }

    private String command(String name) {
        return Shell.cogent() + " " + name + " " + Shell.quoted(run.recipe().toString());
    }

    private String recipeText() {
        try {
            return Files.readString(run.recipe());
        } catch (IOException e) {
            return "";
        }
    }

    /** The files that one stage handed to another, with the hashes from the manifests. */
    private List<Artefact> artefacts() {
        TreeMap<String, Artefact> files = new TreeMap<>();
        String root = RunDirectory.of(recipe).root() + "/";
        for (Manifest manifest : status.done().values()) {
            manifest.inputs().forEach((path, hash) -> {
                boolean ours = path.startsWith(root);
                String name = ours ? path.substring(root.length()) : path;
                files.put(name, new Artefact(name, size(ours ? run.root().resolve(name) : Path.of(path)), hash));
            });
        }
        return List.copyOf(files.values());
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0; // gone since; its hash still says what it was
        }
    }
}
