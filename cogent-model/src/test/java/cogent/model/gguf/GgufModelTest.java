package cogent.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cogent.data.InputException;
import cogent.model.decoder.LanguageModel;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import cogent.model.tensor.Scope;
import cogent.model.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Written by {@link GgufModel}, read by {@link GgufReader}; docs/decisions/gguf.md tells what llama.cpp made of it. */
class GgufModelTest {
    private static final Path TINY = Path.of("src/test/resources/tiny-tokenizer");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "Qwen2ForCausalLM, qwen2, F16, 5e-4",
        "Qwen3ForCausalLM, qwen3, BF16, 4e-3",
        "LlamaForCausalLM, llama, F32, 0",
        "MistralForCausalLM, llama, Q8_0, 4e-3"
    })
    void every_weight_comes_back(String family, String architecture, GgufType type, double tolerance)
            throws IOException {
        try (LanguageModel model = LanguageModel.create(ModelConfig.of(config(family)), 1)) {
            GgufReader read = export(model, type);
            assertThat(read.metadata).containsEntry("general.architecture", architecture);
            assertThat(read.tensors).hasSize(model.parameters().size());
            model.parameters().forEach((name, value) -> {
                String theirs = Place.of(name, model.config(), Architecture.of(model.config()))
                        .name();
                float[] wanted = floats(model, name);
                if (architecture.equals("llama") && name.matches(".*[qk]_proj.*")) {
                    wanted = interleaved(wanted, model.config(), name);
                }
                float largest = 0;
                for (float x : wanted) {
                    largest = Math.max(largest, Math.abs(x));
                }
                assertThat(read.values(theirs)).as(theirs).containsExactly(wanted, within((float)
                        (tolerance * largest)));
                assertThat(read.tensors.get(theirs).type())
                        .isEqualTo(
                                value.rank() == 1
                                        ? 0
                                        : GgmlType.valueOf(type.name()).code());
            });
        }
    }

    /** Pair i of a head is rows 2i and 2i+1 there, rows i and i + d/2 here. */
    private static float[] interleaved(float[] rows, ModelConfig config, String name) {
        int heads = name.contains("q_proj") ? config.heads() : config.kvHeads();
        int d = config.headDim();
        int columns = rows.length / (heads * d);
        float[] out = new float[rows.length];
        for (int h = 0; h < heads; h++) {
            for (int i = 0; i < d; i++) {
                int from = h * d + i / 2 + (i % 2) * d / 2;
                System.arraycopy(rows, from * columns, out, (h * d + i) * columns, columns);
            }
        }
        return out;
    }

    @Test
    void the_shape_is_told_in_llama_cpps_words() throws IOException {
        ObjectNode json = config("LlamaForCausalLM")
                .put("attention_bias", true)
                .put("rope_theta", 5e5)
                .put("intermediate_size", 48);
        json.putObject("rope_scaling")
                .put("rope_type", "llama3")
                .put("factor", 8.0)
                .put("low_freq_factor", 1.0)
                .put("high_freq_factor", 4.0)
                .put("original_max_position_embeddings", 64);
        try (LanguageModel model = LanguageModel.create(ModelConfig.of(json), 1)) {
            GgufReader read = export(model, GgufType.Q8_0);
            assertThat(read.metadata)
                    .containsEntry("general.file_type", 7)
                    .containsEntry("llama.context_length", 64)
                    .containsEntry("llama.embedding_length", 32)
                    .containsEntry("llama.block_count", 2)
                    .containsEntry("llama.feed_forward_length", 48)
                    .containsEntry("llama.attention.head_count", 4)
                    .containsEntry("llama.attention.head_count_kv", 2)
                    .containsEntry("llama.rope.dimension_count", 8)
                    .containsEntry("llama.rope.freq_base", 5e5f)
                    .containsEntry("llama.attention.layer_norm_rms_epsilon", 1e-5f);
            assertThat(read.tensors).containsKeys("blk.1.attn_q.bias", "blk.1.attn_output.bias");
            // rows of 48 are no whole blocks
            assertThat(read.tensors.get("blk.0.ffn_down.weight").type()).isEqualTo(1);
            assertThat(read.tensors.get("blk.0.ffn_up.weight").type()).isEqualTo(8);
            // the slowest waves are slowed by the whole factor, the fastest not at all
            float[] factors = read.values("rope_freqs.weight");
            assertThat(factors).hasSize(4);
            assertThat(factors[0]).isEqualTo(1);
            assertThat(factors[3]).isEqualTo(8);
        }
    }

    @Test
    void scalings_and_windows_are_told_or_keep_the_context_within_what_is_exact() throws IOException {
        ObjectNode yarn = config("Qwen2ForCausalLM");
        yarn.putObject("rope_scaling")
                .put("type", "yarn")
                .put("factor", 4.0)
                .put("original_max_position_embeddings", 16);
        try (LanguageModel model = LanguageModel.create(ModelConfig.of(yarn), 1)) {
            assertThat(export(model, GgufType.F16).metadata)
                    .containsEntry("qwen2.rope.scaling.type", "yarn")
                    .containsEntry("qwen2.rope.scaling.factor", 4f)
                    .containsEntry("qwen2.rope.scaling.original_context_length", 16);
        }
        // llama.cpp's own values said, and a factor of attention: 1.1386… is 0.1 ln 4 + 1
        yarn.putObject("rope_scaling")
                .put("type", "yarn")
                .put("factor", 4.0)
                .put("original_max_position_embeddings", 16)
                .put("beta_fast", 32)
                .put("beta_slow", 1.0)
                .put("truncate", true)
                .put("attention_factor", 2 * 1.138629436111989);
        try (LanguageModel model = LanguageModel.create(ModelConfig.of(yarn), 1)) {
            assertThat(export(model, GgufType.F16).metadata).containsEntry("qwen2.rope.scaling.attn_factor", 2f);
        }
        ModelConfig mistral = ModelConfig.of(config("MistralForCausalLM").put("sliding_window", 24));
        try (LanguageModel model = LanguageModel.create(mistral, 1)) {
            assertThat(export(model, GgufType.F16).metadata).containsEntry("llama.context_length", 24);
        }
    }

    @Test
    void a_byte_level_tokenizer_is_inside_with_names_for_the_rows_nobody_uses() throws IOException {
        try (LanguageModel model = LanguageModel.create(ModelConfig.of(config("Qwen2ForCausalLM")), 1);
                Tokenizer tokenizer = Tokenizer.load(TINY)) {
            GgufReader read = export(model, GgufType.F16);
            List<?> tokens = (List<?>) read.metadata.get("tokenizer.ggml.tokens");
            List<?> types = (List<?>) read.metadata.get("tokenizer.ggml.token_type");
            assertThat(read.metadata)
                    .containsEntry("tokenizer.ggml.model", "gpt2")
                    .containsEntry("tokenizer.ggml.pre", "gpt-2")
                    .containsEntry(
                            "tokenizer.ggml.eos_token_id",
                            tokenizer.specialId("eos_token").orElseThrow())
                    .containsEntry("tokenizer.ggml.add_bos_token", false)
                    .containsKey("tokenizer.chat_template");
            assertThat(tokens).hasSize(300).hasSameSizeAs(types).doesNotHaveDuplicates();
            assertThat(tokens.get(tokenizer.id("<|im_end|>").orElseThrow())).isEqualTo("<|im_end|>");
            assertThat(types.get(tokenizer.id("<|im_end|>").orElseThrow())).isEqualTo(3);
            assertThat(types.get(tokenizer.id("<think>").orElseThrow())).isEqualTo(4);
            assertThat(types.get(0)).isEqualTo(1);
            assertThat(tokens.get(299)).isEqualTo("[PAD299]");
            assertThat(types.get(299)).isEqualTo(5);
            assertThat((List<?>) read.metadata.get("tokenizer.ggml.merges")).isNotEmpty();
        }
    }

    @Test
    void a_sentencepiece_tokenizer_merges_by_rank_and_knows_its_bytes() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), """
                {"version": "1.0", "truncation": null, "padding": null,
                 "added_tokens": [{"id": 0, "content": "<unk>", "special": true, "single_word": false, "lstrip": false,
                     "rstrip": false, "normalized": false}, {"id": 1, "content": "<s>", "special": true,
                     "single_word": false, "lstrip": false, "rstrip": false, "normalized": false}],
                 "normalizer": {"type": "Prepend", "prepend": "▁"}, "pre_tokenizer": null, "decoder": null,
                 "post_processor": null,
                 "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true,
                   "vocab": {"<unk>": 0, "<s>": 1, "<0x0A>": 2, "a": 3, "b": 4, "ab": 5, "aab": 6},
                   "merges": [["a", "b"], ["a", "ab"]]}}
                """);
        Files.writeString(
                folder.resolve("tokenizer_config.json"), "{\"eos_token\": \"<s>\", \"unk_token\": \"<unk>\"}");
        ModelConfig config = ModelConfig.of(config("LlamaForCausalLM").put("vocab_size", 8));
        try (LanguageModel model = LanguageModel.create(config, 1);
                Tokenizer tokenizer = Tokenizer.load(folder)) {
            GgufModel.write("model", model, tokenizer, GgufType.F16, folder.resolve("m.gguf"));
            GgufReader read = new GgufReader(folder.resolve("m.gguf"));
            assertThat(read.metadata)
                    .containsEntry("tokenizer.ggml.model", "llama")
                    .containsEntry("tokenizer.ggml.add_space_prefix", true)
                    .containsEntry("tokenizer.ggml.token_type", List.of(2, 3, 6, 1, 1, 1, 1, 5));
            List<?> scores = (List<?>) read.metadata.get("tokenizer.ggml.scores");
            assertThat(scores.subList(5, 7)).isEqualTo(List.of(0f, -1f));
        }
    }

    @Test
    void a_model_straight_from_its_files_is_written_without_conversion() throws IOException {
        Path directory = folder.resolve("model");
        try (LanguageModel model = LanguageModel.create(ModelConfig.of(config("Qwen3ForCausalLM")), 3);
                Tokenizer tokenizer = Tokenizer.load(TINY)) {
            model.save(directory, DType.BF16, tokenizer);
        }
        try (LanguageModel mapped = LanguageModel.mapped(directory)) {
            assertThat(mapped.decoder().embedding().dtype()).isEqualTo(DType.BF16);
            assertThat(GgufModel.natural(mapped.config())).isEqualTo(GgufType.BF16);
            GgufReader read = export(mapped, GgufType.BF16);
            assertThat(read.values("token_embd.weight")).isEqualTo(floats(mapped, "model.embed_tokens.weight"));
        }
    }

    @Test
    void what_llama_cpp_would_compute_otherwise_is_refused_and_nothing_is_left_behind() throws IOException {
        refused(config("Qwen3ForCausalLM").put("attention_bias", true), "attention_bias");
        refused(
                config("SmolLM3ForCausalLM").put("no_rope_layer_interval", 2),
                "no_rope_layers other than every fourth");
        refused(config("Gemma3ForCausalLM").put("query_pre_attn_scalar", 12), "query_pre_attn_scalar");
        ObjectNode uneven = config("Gemma3ForCausalLM").put("query_pre_attn_scalar", 8);
        uneven.putArray("layer_types").add("full_attention").add("sliding_attention");
        refused(uneven, "windows other than");
        ObjectNode scaled = config("Gemma3ForCausalLM").put("query_pre_attn_scalar", 8);
        scaled.putObject("rope_parameters")
                .putObject("sliding_attention")
                .put("rope_type", "linear")
                .put("factor", 4.0);
        refused(scaled, "rope_parameters.sliding_attention");
        refused(config("Qwen3MoeForCausalLM").put("norm_topk_prob", false), "norm_topk_prob");
        refused(config("Qwen3MoeForCausalLM").put("norm_topk_prob", true).put("decoder_sparse_step", 2), "experts");
        refused(config("Qwen3_5ForCausalLM").put("linear_value_head_dim", 16), "linear_value_head_dim");
        refused(config("Phi3ForCausalLM").put("head_dim", 4), "head_dim");
        refused(config("Olmo2ForCausalLM").put("attention_bias", true), "attention_bias");
        refused(config("Olmo2ForCausalLM").put("tie_word_embeddings", true), "tie_word_embeddings");
        ObjectNode llama3 = config("Qwen2ForCausalLM");
        llama3.putObject("rope_scaling")
                .put("rope_type", "llama3")
                .put("factor", 8.0)
                .put("low_freq_factor", 1.0)
                .put("high_freq_factor", 4.0)
                .put("original_max_position_embeddings", 16);
        refused(llama3, "llama3");
        ObjectNode yarn = config("Qwen2ForCausalLM");
        yarn.putObject("rope_scaling").put("type", "yarn").put("factor", 4.0).put("beta_fast", 16);
        refused(yarn, "beta_fast");
        yarn.putObject("rope_scaling").put("type", "yarn").put("factor", 4.0).put("truncate", false);
        refused(yarn, "truncate");
        refused(config("Qwen2ForCausalLM").put("initializer_range", 1e6), "bf16");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void tokenizers_that_llama_cpp_does_not_run_are_refused_by_what_they_are() throws IOException {
        String good = Files.readString(TINY.resolve("tokenizer.json"));
        for (String[] change : new String[][] {
            {"\"add_prefix_space\":false", "\"add_prefix_space\":true", "add_prefix_space"},
            {
                "\"type\":\"BPE\",\"dropout\":null,\"unk_token\":null",
                "\"type\":\"WordLevel\",\"unk_token\":\"!\"",
                "WordLevel"
            }
        }) {
            Files.writeString(folder.resolve("tokenizer.json"), good.replace(change[0], change[1]));
            try (LanguageModel model = LanguageModel.create(ModelConfig.of(config("Qwen2ForCausalLM")), 1);
                    Tokenizer tokenizer = Tokenizer.load(folder)) {
                assertThatThrownBy(() ->
                                GgufModel.write("model", model, tokenizer, GgufType.F16, folder.resolve("m.gguf")))
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining(change[2]);
            }
        }
    }

    // llama.cpp treats white space after special tokens as Phi-3's tokenizer does by the model's name
    @ParameterizedTest
    @CsvSource({
        "true, aligned, aligned (Phi-3)",
        "true, Phi-3.5-mini, Phi-3.5-mini",
        "false, my-phi3-run, my-phi 3-run",
        "false, phi-3-teacher, phi 3-teacher",
        "false, Phi-4-mini, Phi-4-mini"
    })
    void a_model_is_named_after_phi3_where_its_tokenizer_is_phi3s(boolean phi3, String name, String wanted)
            throws IOException {
        ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(Files.readString(TINY.resolve("tokenizer.json")));
        int id = 269; // behind those that are there, of which one is <|endoftext|>
        for (String token : phi3 ? List.of("<unk>", "<s>", "</s>") : List.<String>of()) {
            json.withArray("/added_tokens")
                    .addObject()
                    .put("id", id++)
                    .put("content", token)
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", token.equals("</s>"))
                    .put("normalized", false)
                    .put("special", true);
        }
        Files.writeString(folder.resolve("tokenizer.json"), json.toString());
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            assertThat(GgufTokenizer.named(name, tokenizer)).isEqualTo(wanted);
        }
    }

    private void refused(ObjectNode json, String why) {
        try (LanguageModel model = LanguageModel.create(ModelConfig.of(json), 1)) {
            assertThatThrownBy(() -> export(model, GgufType.F16))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(why);
        }
    }

    private GgufReader export(LanguageModel model, GgufType type) throws IOException {
        Path file = folder.resolve("model.gguf");
        try (Tokenizer tokenizer = Tokenizer.load(TINY)) {
            GgufModel.write("model", model, tokenizer, type, file);
        }
        return new GgufReader(file);
    }

    private static float[] floats(LanguageModel model, String name) {
        try (Scope _ = Scope.open()) {
            return Objects.requireNonNull(model.parameters().get(name)).toFloats();
        }
    }

    private static ObjectNode config(String family) {
        ObjectNode json = (ObjectNode) JsonMapper.shared().readTree("""
                {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4,
                 "num_key_value_heads": 2, "head_dim": 8, "vocab_size": 300, "rms_norm_eps": 1e-5,
                 "max_position_embeddings": 64, "initializer_range": 0.3, "torch_dtype": "float32", "eos_token_id": 0}
                """);
        json.putArray("architectures").add(family);
        return json;
    }
}
