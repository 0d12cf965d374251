package cogent.pipeline;

import cogent.pipeline.recipe.Recipe;
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
 * @param stages the stages that the recipe asks for
 * @param done the manifests of those that are done, by name
 */
public record RunStatus(List<Stage> stages, SequencedMap<String, Manifest> done) {

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
        return new RunStatus(stages, done);
    }

    public Optional<Manifest> of(String stage) {
        return Optional.ofNullable(done.get(stage));
    }

    public boolean complete() {
        return done.size() == stages.size();
    }
}
