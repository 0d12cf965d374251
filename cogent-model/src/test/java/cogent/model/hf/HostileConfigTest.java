package cogent.model.hf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Damaged config.json files by fixed seeds: a model's shape or an InputException that names the file, nothing else. */
class HostileConfigTest {
    private static final List<JsonNode> SOUND = List.of(
            Configs.qwen2().storedAs(DType.F32),
            Configs.qwen3().storedAs(DType.BF16),
            Configs.llama3().storedAs(DType.F16),
            Configs.mistral().storedAs(DType.F32));

    @TempDir
    Path folder;

    /** What a key cannot be in any family; a value that is left out of a list here may stand in a file. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    eos_token_id | "" "a" "1" -1 1.5 true {} [-1] ["a"] [null] [1.5] 99999999999 23
                    bos_token_id | "a" -1 1.5 true {} 2147483647
                    pad_token_id | "a" -2 1.5 true {} [] [1]
                    architectures | "a" 1 true {} [] [1] ["a","b"]
                    layer_types | "a" 1 true {} [1] ["a","a"] []
                    sliding_window | "" "a" 0 -1 1.5 true [] {} 2147483647
                    max_window_layers | "" "a" -1 true [] {} 1e300
                    use_sliding_window | "" "a" 0 1 1.5 [] {}
                    tie_word_embeddings | "" "true" 0 1 [] {}
                    attention_bias | "" "a" 0 1 [] {}
                    mlp_bias | "" "a" 0 1 [] {}
                    use_cache | "" "a" 0 1 [] {}
                    model_type | 1 true [] {}
                    hidden_act | 1 true [] {} "relu6"
                    torch_dtype | "" "a" 1 true [] {} "int8"
                    dtype | 1 true [] {} "float64"
                    vocab_size | "" "a" 0 -1 1.5 true [] {} 16777217 99999999999999999999
                    hidden_size | "" "a" 0 -1 1.5 true [] {} 16777216 99999999999999999999
                    intermediate_size | "" "a" 0 -1 true [] {} 2147483647
                    num_hidden_layers | "" "a" 0 -1 1.5 true [] {} 4097 16777216
                    num_attention_heads | "" "a" 0 -1 true [] {} 1048576 16777216
                    num_key_value_heads | "" "a" 0 -1 true [] {} 3
                    head_dim | "" "a" 0 -1 1.5 true [] {} 1048576 16777216
                    max_position_embeddings | "" "a" 0 -1 1.5 true [] {} 2147483647
                    rms_norm_eps | "" "a" -1 true [] {} 1 1e300
                    initializer_range | "" "a" -1 true [] {} 1e300
                    rope_theta | "" "a" 0 -1 true [] {} 1e300
                    rope_scaling | "a" 1 true [] {"a":1} {"factor":2} {"rope_type":7} {"rope_type":"a"} {"rope_type":"linear"}
                    rope_parameters | "a" 1 true [] {"a":1} {"factor":2} {"rope_type":"linear","factor":"2"}
                    attention_dropout | "" "a" -1 1 true [] {}
                    """)
    void a_value_of_the_wrong_kind_is_refused_by_its_key(String key, String values) {
        for (String value : values.split(" ", -1)) {
            ObjectNode json = Configs.json("LlamaForCausalLM");
            json.set(key, JsonMapper.shared().readTree(value));
            assertThatThrownBy(() -> ModelConfig.of(json))
                    .as(key + " " + value)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(
                            key.startsWith("rope") ? "rope" : key.equals("architectures") ? "architecture" : key);
        }
    }

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
