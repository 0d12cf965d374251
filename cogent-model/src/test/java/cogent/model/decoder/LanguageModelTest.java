package cogent.model.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cogent.data.InputException;
import cogent.model.hf.Configs;
import cogent.model.hf.ModelConfig;
import cogent.model.hf.ParameterShapes;
import cogent.model.hf.Safetensors;
import cogent.model.hf.SafetensorsWriter;
import cogent.model.tensor.DType;
import cogent.model.tensor.LibTorch;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

class LanguageModelTest {
    @TempDir
    private Path folder;

    @BeforeAll
    static void oneThread() {
        LibTorch.threads(1);
    }

    static Stream<ModelConfig> families() {
        return DecoderTest.families();
    }

    @ParameterizedTest
    @MethodSource("families")
    void saved_and_loaded_is_the_same_model(ModelConfig config) throws IOException {
        Path one = folder.resolve("one");
        Path shards = folder.resolve("shards");
        Packed batch = Packed.of(DecoderTest.sequences(config, 9, 4));
        try (LanguageModel model = LanguageModel.create(config, 1)) {
            model.save(one, DType.F32, null);
            model.save(one, DType.F32, null); // over itself
            model.save(shards, DType.F32, null, 2000);
            for (Path directory : List.of(one, shards)) {
                try (LanguageModel loaded = LanguageModel.load(directory);
                        Scope _ = Scope.open()) {
                    assertThat(loaded.config()).isEqualTo(config);
                    assertThat(loaded.decoder().hidden(batch).toFloats())
                            .as("bit for bit")
                            .isEqualTo(model.decoder().hidden(batch).toFloats());
                    model.parameters()
                            .forEach((name, value) -> assertThat(
                                            loaded.parameters().get(name).toFloats())
                                    .as(name)
                                    .isEqualTo(value.toFloats()));
                }
            }
        }
        assertThat(shards.resolve("model.safetensors.index.json")).exists();
        assertThat(shards.resolve("model-00002-of-%05d.safetensors".formatted(shardCount(shards))))
                .exists();
        assertThat(folder).isDirectoryNotContaining("glob:**.{tmp,old}");
        assertThat(Safetensors.open(one.resolve("model.safetensors")).metadata())
                .isEqualTo(Map.of("format", "pt"));
        assertThat(Files.readString(one.resolve("generation_config.json"))).contains("\"eos_token_id\" : 0");
    }

    @Test
    void what_lies_beside_a_model_stays() throws IOException {
        Path model = folder.resolve("model");
        List<Path> own =
                Stream.of("model.old", "model.tmp").map(folder::resolve).toList();
        for (Path directory : own) {
            Files.writeString(Files.createDirectory(directory).resolve("mine.txt"), "mine");
        }
        try (LanguageModel student = LanguageModel.create(Configs.qwen2(), 1)) {
            student.save(model, DType.F32, null);
            student.save(model, DType.F32, null); // over itself
        }
        assertThat(own)
                .allSatisfy(
                        directory -> assertThat(directory.resolve("mine.txt")).hasContent("mine"));
        assertThat(folder).isDirectoryNotContaining("glob:**/.*");
    }

    private static long shardCount(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.getFileName().toString().startsWith("model-"))
                    .count();
        }
    }

    @Test
    void stored_as_bf16_it_loads_as_floats_within_its_precision() throws IOException {
        Path directory = folder.resolve("bf16");
        try (LanguageModel model = LanguageModel.create(Configs.qwen2(), 1);
                Scope _ = Scope.open()) {
            model.save(directory, DType.BF16, null);
            try (LanguageModel loaded = LanguageModel.load(directory)) {
                assertThat(loaded.config().dtype()).isEqualTo(DType.BF16);
                Tensor difference = loaded.decoder()
                        .embedding()
                        .sub(model.decoder().embedding())
                        .abs();
                assertThat(loaded.decoder().embedding().dtype()).isEqualTo(DType.F32);
                assertThat(difference.max().item()).isBetween(1e-6, 1e-2);
            }
        }
    }

    @Test
    void random_weights_are_seeded_and_as_wide_as_the_config_says() {
        ModelConfig config = ModelConfig.of(
                Configs.json("Qwen2ForCausalLM").put("vocab_size", 500).put("initializer_range", 0.02));
        try (LanguageModel a = LanguageModel.create(config, 1);
                LanguageModel b = LanguageModel.create(config, 1);
                LanguageModel c = LanguageModel.create(config, 2);
                Scope _ = Scope.open()) {
            float[] embedding = a.decoder().embedding().toFloats();
            assertThat(b.decoder().embedding().toFloats()).isEqualTo(embedding);
            assertThat(c.decoder().embedding().toFloats()).isNotEqualTo(embedding);
            assertThat(a.decoder().output().toFloats()).isNotEqualTo(embedding);
            assertThat(a.decoder().embedding().pow(2).mean().sqrt().item()).isCloseTo(0.02, within(0.001));
            assertThat(a.parameters().get("model.norm.weight").toFloats()).containsOnly(1);
            assertThat(a.parameters()
                            .get("model.layers.0.self_attn.q_proj.bias")
                            .toFloats())
                    .containsOnly(0);
            assertThat(ParameterShapes.count(config))
                    .isEqualTo(a.parameters().values().stream()
                            .mapToLong(Tensor::numel)
                            .sum());
        }
    }

    @Test
    void weights_that_do_not_fit_the_config_are_listed_by_name() throws IOException {
        Path directory = folder.resolve("m");
        try (LanguageModel model = LanguageModel.create(Configs.qwen3(), 1);
                Scope _ = Scope.open()) {
            model.save(directory, DType.F32, null);
            SequencedMap<String, Tensor> weights = new LinkedHashMap<>(model.parameters());
            weights.remove("model.layers.1.self_attn.k_norm.weight");
            weights.put("model.layers.2.mlp.up_proj.weight", Tensors.zeros(DType.F32, 2));
            weights.put("model.norm.weight", Tensors.zeros(DType.F32, 17));
            weights.put("model.layers.0.self_attn.rotary_emb.inv_freq", Tensors.zeros(DType.F32, 2)); // harmless
            SafetensorsWriter.write(directory.resolve("model.safetensors"), weights, DType.F32, Map.of());
        }
        assertThatThrownBy(() -> LanguageModel.load(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("missing model.layers.1.self_attn.k_norm.weight")
                .hasMessageContaining("superfluous model.layers.2.mlp.up_proj.weight")
                .hasMessageContaining("model.norm.weight is [17], config.json asks for [16]")
                .hasMessageNotContaining("inv_freq");
    }

    @Test
    void an_output_matrix_that_differs_from_what_it_is_tied_to_is_told_and_a_copy_is_none() throws IOException {
        Path directory = folder.resolve("m");
        try (LanguageModel model = LanguageModel.create(Configs.qwen2(), 1);
                Scope _ = Scope.open()) {
            assertThat(model.config().tiedEmbeddings()).isTrue();
            model.save(directory, DType.F32, null);
            SequencedMap<String, Tensor> weights = new LinkedHashMap<>(model.parameters());
            Tensor embedding = Objects.requireNonNull(weights.get(ParameterShapes.EMBEDDING));
            weights.put(ParameterShapes.OUTPUT, embedding);
            SafetensorsWriter.write(directory.resolve("model.safetensors"), weights, DType.F32, Map.of());
            LanguageModel.load(directory).close();
            weights.put(ParameterShapes.OUTPUT, Tensors.zeros(DType.F32, embedding.shape()));
            SafetensorsWriter.write(directory.resolve("model.safetensors"), weights, DType.F32, Map.of());
        }
        assertThatThrownBy(() -> LanguageModel.load(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("lm_head.weight differs from model.embed_tokens.weight")
                .hasMessageContaining("set tie_word_embeddings to false");
    }

    @Test
    void an_index_may_not_point_out_of_its_directory_or_at_nothing() throws IOException {
        Path directory = folder.resolve("m");
        try (LanguageModel model = LanguageModel.create(Configs.qwen2(), 1)) {
            model.save(directory, DType.F32, null, 2000);
        }
        Path index = directory.resolve("model.safetensors.index.json");
        String good = Files.readString(index);
        for (String bad : List.of(
                good.replaceFirst("\"model-00001[^\"]*\"", "\"../../etc/passwd\""),
                good.replaceFirst("\"model-00001[^\"]*\"", "\"model-00002-of-00099.safetensors\""),
                good.replaceFirst("model.embed_tokens.weight", "model.nothing"),
                good.replaceFirst("\"model-00001[^\"]*\"", "5"),
                "{\"weight_map\": 3}",
                "no json")) {
            Files.writeString(index, bad);
            assertThatThrownBy(() -> LanguageModel.load(directory)).isInstanceOf(InputException.class);
        }
        Files.writeString(index, good);
        Files.delete(directory.resolve(good.replaceFirst("(?s).*\"(model-00001[^\"]*)\".*", "$1")));
        assertThatThrownBy(() -> LanguageModel.load(directory)).hasMessageContaining("the model is not whole");
        Files.delete(index);
        Files.writeString(directory.resolve("model.onnx"), "");
        assertThatThrownBy(() -> LanguageModel.load(directory))
                .hasMessageContaining("no weights")
                .hasMessageContaining("model.onnx is not read");
        Files.delete(directory.resolve("config.json"));
        assertThatThrownBy(() -> LanguageModel.load(directory)).hasMessageContaining("config.json");
        assertThatThrownBy(() -> LanguageModel.load(folder.resolve("none"))).hasMessageContaining("no directory");
    }

    @Test
    void a_file_written_by_transformers_is_read_and_survives_a_round_trip() throws IOException {
        Path original = Path.of("../cogent-train/src/test/resources/objectives/policy");
        Path copy = folder.resolve("copy");
        try (LanguageModel model = LanguageModel.load(original)) {
            model.save(copy, DType.F32, null);
            JsonMapper json = JsonMapper.builder().build();
            assertThat(json.readTree(Files.readString(copy.resolve("config.json"))))
                    .isEqualTo(json.readTree(Files.readString(original.resolve("config.json"))));
            Safetensors a = Safetensors.open(original.resolve("model.safetensors"));
            Safetensors b = Safetensors.open(copy.resolve("model.safetensors"));
            assertThat(b.entries().keySet())
                    .containsExactlyInAnyOrderElementsOf(a.entries().keySet());
            try (Scope _ = Scope.open()) {
                for (String name : a.entries().keySet()) {
                    assertThat(b.tensor(name).toFloats())
                            .isEqualTo(a.tensor(name).toFloats());
                }
            }
        }
    }
}
