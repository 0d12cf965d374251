package cogent.pipeline;

import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.result.EvaluateResult;
import cogent.pipeline.run.Manifest;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * How far a run is, for those who only look: told from settings and times without hashing a file. {@link Pipeline}, which
 * decides what runs again, hashes.
 *
 * @param stages the names of the stages that the recipe asks for, in their order
 * @param done the manifests of those that are done, by name
 */
public record RunStatus(Recipe recipe, List<String> stages, SequencedMap<String, Manifest> done) {

    public static RunStatus of(Recipe recipe, RunDirectory run) {
        List<Stage> stages = Stages.of(recipe, run);
        SequencedMap<String, Manifest> done = new LinkedHashMap<>();
        Map<Path, Instant> made = new HashMap<>();
        for (Stage stage : stages) {
            Manifest.read(run.manifest(stage.name()))
                    .filter(m -> m.sameSettings(stage))
                    .filter(m -> stage.outputs().stream().allMatch(Files::exists))
                    .filter(m -> stage.inputs().stream()
                            .noneMatch(input ->
                                    made.getOrDefault(input, Instant.MIN).isAfter(Instant.parse(m.finished()))))
                    .ifPresent(m -> {
                        done.put(stage.name(), m);
                        stage.outputs().forEach(output -> made.put(output, Instant.parse(m.finished())));
                    });
        }
        return new RunStatus(recipe, stages.stream().map(Stage::name).toList(), done);
    }

    public Optional<Manifest> of(String stage) {
        return Optional.ofNullable(done.get(stage));
    }

    public boolean complete() {
        return done.size() == stages.size();
    }

    /** The stage that comes next; empty when there is none. */
    public Optional<String> next() {
        return stages.stream().filter(name -> !done.containsKey(name)).findFirst();
    }

    /** When the last stage ended; empty before the first did. */
    public Optional<Instant> last() {
        return done.values().stream().map(m -> Instant.parse(m.finished())).max(Instant::compareTo);
    }

    /** What the evaluation came to, where it is done. */
    public Optional<EvaluateResult> evaluation() {
        return of("evaluate").map(Manifest::result).map(EvaluateResult.class::cast);
    }
}
