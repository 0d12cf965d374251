package cogent.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import cogent.pipeline.result.EvaluateResult;
import cogent.pipeline.result.StageResult;
import cogent.pipeline.run.StopRequest;
import cogent.pipeline.run.StoppedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunPipelineTest {
    @TempDir
    Path folder;

    @Test
    void a_recipe_that_was_stopped_goes_on_and_gives_what_each_stage_came_to() throws IOException {
        Path recipe = Files.writeString(folder.resolve("recipe.yaml"), """
                runs: %s
                corpus: {path: playground}
                student: {model: playground}
                teacher: {url: playground}
                playground: {problems: 20, held_out: 4, steps: 1}
                sft: {max_steps: 2, batch_size: 4}
                align: {max_steps: 1, batch_size: 4}
                evaluate: {benchmarks: [playground], models: [aligned], max_new_tokens: 8}
                """.formatted(folder));
        StopRequest stop = new StopRequest();
        stop.ask();
        assertThatExceptionOfType(StoppedException.class).isThrownBy(() -> RunPipeline.run(recipe, stop));

        SequencedMap<String, StageResult> results = RunPipeline.run(recipe, new StopRequest());
        assertThat(results.sequencedKeySet()).containsExactly("playground", "curate", "sft", "align", "evaluate");
        assertThat(((EvaluateResult) results.get("evaluate")).benchmarks())
                .singleElement()
                .satisfies(playground ->
                        assertThat(playground.models().getFirst().n()).isEqualTo(4));
    }
}
