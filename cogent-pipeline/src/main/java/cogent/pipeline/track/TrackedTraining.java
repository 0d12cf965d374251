package cogent.pipeline.track;

import cogent.pipeline.keys.RecordJson;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a tracker is told of a training before its first step.
 *
 * @param run the run's directory
 * @param params the settings on which its outcome depends, by the recipe's keys
 */
public record TrackedTraining(RunDirectory run, String stage, Map<String, String> params) {
    public TrackedTraining {
        params = Collections.unmodifiableMap(new TreeMap<>(params));
    }

    public static TrackedTraining of(Recipe recipe, RunDirectory run, Stage stage) {
        Map<String, String> params = RecordJson.flat(stage.settings());
        params.put("student.model", String.valueOf(recipe.student().model()));
        return new TrackedTraining(run, stage.name(), params);
    }

    /** What people call the run. */
    public String runName() {
        return String.valueOf(run.root().toAbsolutePath().normalize().getFileName());
    }

    /** The files worth keeping beside the curves, those that are there: recipe, machine, metrics, refused rows. */
    public List<Path> files() {
        return Stream.of(run.recipe(), run.environment(), run.metrics(stage), run.refused(stage))
                .filter(Files::exists)
                .toList();
    }
}
