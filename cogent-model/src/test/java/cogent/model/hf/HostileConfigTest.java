package cogent.model.hf;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.data.InputException;
import cogent.model.JsonMutations;
import cogent.model.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Damaged config.json files by fixed seeds: a model's shape or an InputException that names the file, nothing else. */
class HostileConfigTest {
    private static final List<JsonNode> SOUND = List.of(
            Configs.qwen2().storedAs(DType.F32),
            Configs.qwen3().storedAs(DType.BF16),
            Configs.llama3().storedAs(DType.F16),
            Configs.mistral().storedAs(DType.F32));

    @TempDir
    Path folder;

    @RepeatedTest(10)
    void a_damaged_config_is_a_shape_or_told_in_words(RepetitionInfo repetition) throws IOException {
        var random = new SplittableRandom(repetition.getCurrentRepetition());
        JsonMutations mutations = new JsonMutations(random);
        Path file = folder.resolve("config.json");
        int refused = 0;
        for (int i = 0; i < 300; i++) {
            String text = mutations.of(SOUND.get(random.nextInt(SOUND.size())));
            if (random.nextInt(10) == 0) {
                text = text.substring(0, random.nextInt(text.length() + 1));
            }
            Files.writeString(file, text);
            try {
                ModelConfig config = ModelConfig.read(file);
                assertThat(ParameterShapes.count(config)).as(text).isPositive();
                assertThat(config.ropes()).as(text).hasSize(config.layers());
                assertThat(config.ropes().getFirst().frequencies()).as(text).allMatch(Double::isFinite);
                assertThat(config.rmsNormEps()).as(text).isFinite().isNotNegative();
                assertThat(config.initializerRange()).as(text).isFinite();
            } catch (InputException e) {
                assertThat(e).hasMessageContaining("config.json");
                refused++;
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError(text, e);
            }
        }
        assertThat(refused).isBetween(60, 299);
    }
}
