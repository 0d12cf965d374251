package cogent.playground;

import static cogent.playground.PlaygroundTokenizer.object;

import cogent.data.AtomicFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The playground's student before it has learned anything: a Hugging Face directory without weights. Architecture
 * Qwen2, width 128, 4 layers, 4 query and 2 key heads, feed-forward 384, tied embeddings: 0.8 million parameters, which
 * {@code cogent init} draws at random.
 */
public final class PlaygroundStudent {
    /** The longest row that the position table is meant for; the world's rows are shorter. */
    private static final int POSITIONS = 1024;

    private static final String CHAT_TEMPLATE =
            "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] }}"
                    + "{% if message['role'] == 'assistant' %}{{ '<|end|>' }}{% endif %}{% endfor %}"
                    + "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private PlaygroundStudent() {}

    /**
     * Writes {@code config.json}, {@code generation_config.json}, {@code tokenizer.json} and
     * {@code tokenizer_config.json}.
     *
     * @throws cogent.data.InputException when the directory cannot be written
     */
    public static void write(Path directory) {
        List<String> vocabulary = PlaygroundTokenizer.vocabulary();
        int end = vocabulary.indexOf(PlaygroundTokenizer.END);
        int pad = vocabulary.indexOf(PlaygroundTokenizer.PAD);
        write(directory, "config.json", config(vocabulary.size(), end, pad));
        write(
                directory,
                "generation_config.json",
                object("eos_token_id", end, "pad_token_id", pad, "do_sample", false));
        write(directory, "tokenizer.json", PlaygroundTokenizer.json());
        write(directory, "tokenizer_config.json", tokenizerConfig());
    }

    private static Map<String, @Nullable Object> config(int vocabulary, int end, int pad) {
        return object(
                "architectures",
                List.of("Qwen2ForCausalLM"),
                "model_type",
                "qwen2",
                "vocab_size",
                vocabulary,
                "hidden_size",
                128,
                "intermediate_size",
                384,
                "num_hidden_layers",
                4,
                "num_attention_heads",
                4,
                "num_key_value_heads",
                2,
                "hidden_act",
                "silu",
                "max_position_embeddings",
                POSITIONS,
                "rope_theta",
                10000.0,
                "rms_norm_eps",
                1e-6,
                "tie_word_embeddings",
                true,
                "attention_dropout",
                0.0,
                "use_sliding_window",
                false,
                "initializer_range",
                0.02,
                "eos_token_id",
                end,
                "pad_token_id",
                pad,
                "torch_dtype",
                "float32");
    }

    private static Map<String, @Nullable Object> tokenizerConfig() {
        return object(
                "tokenizer_class",
                "PreTrainedTokenizerFast",
                "chat_template",
                CHAT_TEMPLATE,
                "eos_token",
                PlaygroundTokenizer.END,
                "pad_token",
                PlaygroundTokenizer.PAD,
                "unk_token",
                PlaygroundTokenizer.UNKNOWN,
                "model_max_length",
                POSITIONS,
                "clean_up_tokenization_spaces",
                false);
    }

    private static void write(Path directory, String name, Map<String, @Nullable Object> content) {
        AtomicFile.write(directory.resolve(name), JSON.writeValueAsBytes(content));
    }
}
