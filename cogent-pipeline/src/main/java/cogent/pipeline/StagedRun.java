package cogent.pipeline;

import cogent.data.Sha256;
import cogent.llm.store.RunDatabase;
import cogent.model.tensor.Ranks;
import cogent.pipeline.evaluate.EvaluateStage;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.result.StageResult;
import cogent.pipeline.run.Manifest;
import cogent.pipeline.run.PipelineListener;
import cogent.pipeline.run.ReplySource;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Stage;
import cogent.pipeline.run.StageContext;
import cogent.pipeline.run.StopRequest;
import cogent.pipeline.run.Version;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A run of a study: the stages that its evaluation needs, one at a time, each with a key that says of what it is made. A
 * stage that another run has made of the same is taken over from there.
 */
public final class StagedRun {
    private final Pipeline pipeline;
    private final Recipe recipe;
    private final RunDirectory run;
    private final List<Stage> stages;
    private final Map<String, String> plannedKeys;

    /**
     * A stage that is done.
     *
     * @param key equal for stages made of the same settings and the same input contents by the same version
     * @param seconds what the work took, wherever it was done
     * @param shared whether another run did the work
     */
    public record Done(String key, double seconds, boolean shared, StageResult result) {}

    private StagedRun(Pipeline pipeline, Recipe recipe, List<Stage> stages) {
        this.pipeline = pipeline;
        this.recipe = recipe;
        this.run = RunDirectory.of(recipe);
        this.stages = List.copyOf(stages);
        this.plannedKeys = planKeys();
    }

    /** The stages on which the evaluation depends; none without an evaluation. */
    public static StagedRun of(Recipe recipe) {
        Pipeline pipeline = Pipeline.of(recipe);
        Set<Path> wanted = new HashSet<>();
        List<Stage> needed = new ArrayList<>();
        for (Stage stage : pipeline.all().reversed()) {
            if (stage instanceof EvaluateStage || stage.outputs().stream().anyMatch(wanted::contains)) {
                needed.addFirst(stage);
                wanted.addAll(stage.inputs());
            }
        }
        return new StagedRun(pipeline, recipe, needed);
    }

    public Recipe recipe() {
        return recipe;
    }

    public RunDirectory directory() {
        return run;
    }

    /** Their names, in the order of the work. */
    public List<String> stages() {
        return stages.stream().map(Stage::name).toList();
    }

    /**
     * What the user has to give is there.
     *
     * @throws cogent.data.InputException when it is not
     */
    public void requireGiven() {
        pipeline.requireGiven(stages, false); // what asks may be taken over from another run
    }

    /** What a stage is made of; its inputs must be there. */
    public String key(String name) {
        Stage stage = stage(name);
        return key(name, stage.settings(), Manifest.hashes(stage.inputs()));
    }

    /**
     * What stages will be made of, told before anything is there: settings and, in place of contents, the keys of the
     * stages that make the inputs. Stages with equal keys will share their work; some with different ones may as well.
     */
    public Map<String, String> plannedKeys() {
        return plannedKeys;
    }

    private Map<String, String> planKeys() {
        Map<Path, String> made = new HashMap<>();
        Map<String, String> keys = new LinkedHashMap<>();
        for (Stage stage : stages) {
            TreeMap<String, String> inputs = new TreeMap<>();
            stage.inputs().forEach(in -> inputs.put(in.toString(), made.getOrDefault(in, in.toString())));
            String key = key(stage.name(), stage.settings(), inputs);
            keys.put(stage.name(), key);
            stage.outputs().forEach(out -> made.put(out, key));
        }
        return keys;
    }

    /** The stage if its outputs are there and current. */
    public Optional<Done> done(String name) {
        Stage stage = stage(name);
        return stage.inputs().stream().allMatch(Files::exists)
                ? pipeline.current(stage).map(this::done)
                : Optional.empty();
    }

    private Done done(Manifest m) {
        return new Done(key(m.stage(), m.settings(), m.inputs()), m.seconds(), m.from() != null, m.result());
    }

    /**
     * Does the work of a stage.
     *
     * @throws cogent.pipeline.run.StoppedException when it was asked to stop; everything so far is saved
     */
    public Done perform(String name, PipelineListener listener, StopRequest stop) {
        try (RunDatabase database = run.open(recipe)) {
            run.write(recipe);
            return done(pipeline.perform(
                    stage(name), new StageContext(database, listener, stop, new ReplySource.Live(), Ranks.alone())));
        }
    }

    /** Takes a stage over from a run that made it of the same: its files by hard links where the disk has them. */
    public Done takeOver(String name, StagedRun other) {
        Stage mine = stage(name);
        Stage theirs = other.stage(name);
        Manifest made = Manifest.read(other.run.manifest(name))
                .orElseThrow(() -> new IllegalStateException(other.run.manifest(name) + " is gone"));
        try {
            Files.createDirectories(run.root());
            run.write(recipe);
            for (int i = 0; i < mine.outputs().size(); i++) {
                link(theirs.outputs().get(i), mine.outputs().get(i));
            }
            copy(other.run.metrics(name), run.metrics(name));
            Manifest manifest = new Manifest(
                    name,
                    made.version(),
                    made.settings(),
                    Manifest.hashes(mine.inputs()),
                    made.seconds(),
                    made.finished(),
                    made.result(),
                    made.from() == null ? other.run.root().toString() : made.from());
            manifest.write(run.manifest(name));
            return done(manifest);
        } catch (IOException e) {
            throw new UncheckedIOException(run.root() + ": cannot take over " + name + " of " + other.run.root(), e);
        }
    }

    /** The results files of the model that this run is about, by benchmark. */
    public Map<String, Path> results() {
        Map<String, Path> results = new LinkedHashMap<>();
        if (stages.getLast() instanceof EvaluateStage evaluate) {
            String model = evaluate.models().getLast();
            recipe.evaluate()
                    .benchmarks()
                    .forEach(b -> results.put(
                            b,
                            evaluate.benchmarks().results(evaluate.benchmarks().of(b), model)));
        }
        return results;
    }

    private Stage stage(String name) {
        return stages.stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
    }

    /** Paths within the run are told from its root, so that equal work in two runs has equal keys. */
    private String key(String stage, JsonNode settings, Map<String, String> inputs) {
        String root = run.root() + "/";
        StringBuilder text = new StringBuilder(stage).append('\n').append(Version.NUMBER);
        text.append('\n')
                .append(JsonMapper.shared().readTree(JsonMapper.shared().writeValueAsString(settings)));
        inputs.forEach((path, hash) -> text.append('\n')
                .append(path.startsWith(root) ? path.substring(root.length()) : path)
                .append(' ')
                .append(hash));
        return Sha256.hex(text.toString());
    }

    private static void link(Path from, Path to) throws IOException {
        RunDirectory.delete(to);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.toAbsolutePath().getParent());
                    linkFile(file, target);
                }
            }
        }
    }

    /** All writers of the product replace files instead of changing them, so that a link stays what it was. */
    private static void linkFile(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (IOException | UnsupportedOperationException e) {
            Files.copy(from, to); // a file system without hard links
        }
    }

    /** Metrics are appended to, and so never linked. */
    private static void copy(Path from, Path to) throws IOException {
        if (Files.exists(from)) {
            Files.createDirectories(to.toAbsolutePath().getParent());
            RunDirectory.delete(to);
            Files.copy(from, to);
        }
    }
}
