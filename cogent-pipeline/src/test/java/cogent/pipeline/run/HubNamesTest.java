package cogent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import cogent.model.hub.Hub;
import cogent.model.hub.HubSettings;
import cogent.pipeline.recipe.RecipeReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubNamesTest {
    private static final String COMMIT = "0123456789012345678901234567890123456789";

    @TempDir
    Path cache;

    private HubNames names;

    @BeforeEach
    void offline() {
        names = new HubNames(
                new Hub(new HubSettings(URI.create("http://127.0.0.1:9"), cache, Optional.empty(), true)),
                cache.resolve("splits"));
    }

    private Path cached(String repository, String... files) throws IOException {
        Path folder = cache.resolve(repository);
        Files.createDirectories(folder.resolve("refs"));
        Files.writeString(folder.resolve("refs/main"), COMMIT);
        Path snapshot = folder.resolve("snapshots").resolve(COMMIT);
        for (String file : files) {
            Files.createDirectories(snapshot.resolve(file).getParent());
            Files.writeString(snapshot.resolve(file), "x");
        }
        return snapshot;
    }

    @Test
    void a_student_by_name_is_the_snapshot_in_the_cache() throws IOException {
        Path snapshot = cached("models--org--tiny", "config.json", "model.safetensors");

        assertThat(names.model("org/tiny")).isEqualTo(snapshot);
        assertThat(names.model("org/tiny@" + COMMIT)).isEqualTo(snapshot);
    }

    @Test
    void a_folder_that_is_there_comes_before_a_name() throws IOException {
        cached("models--org--tiny", "config.json", "model.safetensors");
        Path own = Files.createDirectories(cache.resolve("own/model"));

        assertThat(names.model(own.toString())).isEqualTo(own);
    }

    @Test
    void a_name_that_was_never_fetched_says_how_to_fetch_it() {
        assertThatThrownBy(() -> names.model("org/other")).hasMessageContaining("`cogent pull org/other`");
        assertThat(names.model("models/some/where")).isEqualTo(Path.of("models/some/where"));
    }

    @Test
    void a_split_by_name_is_its_parquet_file() throws IOException {
        Path snapshot = cached(
                "datasets--openai--gsm8k", "main/train-00000-of-00001.parquet", "main/test-00000-of-00001.parquet");

        assertThat(names.data("hf://datasets/openai/gsm8k/main/train"))
                .isEqualTo(snapshot.resolve("main/train-00000-of-00001.parquet"));
        assertThat(names.data("data/mine.jsonl")).isEqualTo(Path.of("data/mine.jsonl"));
    }

    @Test
    void a_file_of_rows_by_name_is_that_file() throws IOException {
        Path snapshot = cached("datasets--org--rows", "data/a.jsonl.gz");

        assertThat(names.data("hf://datasets/org/rows/data/a.jsonl.gz")).isEqualTo(snapshot.resolve("data/a.jsonl.gz"));
    }

    @Test
    void a_pattern_stands_for_the_files_that_fit_it() throws IOException {
        Path data = Files.createDirectory(cache.resolve("data"));
        for (String name : List.of("train-0.jsonl", "train-1.jsonl", "test-0.jsonl", "odd?.jsonl")) {
            Files.writeString(data.resolve(name), "{\"i\":\"" + name + "\"}\n");
        }

        assertThat(names.data(data + "/test*")).isEqualTo(data.resolve("test-0.jsonl"));
        assertThat(names.data(data + "/odd?.jsonl")).isEqualTo(data.resolve("odd?.jsonl"));
        assertThat(names.data(data + "/train-?.jsonl"))
                .hasContent("{\"i\":\"train-0.jsonl\"}\n{\"i\":\"train-1.jsonl\"}\n");
        for (String none : List.of("/dev*", "/no/train*", "/test-0.jsonl/*")) {
            assertThatThrownBy(() -> names.data(data + none))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(data + none + ": no file of such a name");
        }
    }

    @Test
    void what_names_no_split_is_refused_and_a_file_that_was_never_fetched_says_how() {
        assertThatThrownBy(() -> names.data("hf://datasets/openai/gsm8k"))
                .hasMessageContaining("hf://datasets/openai/gsm8k/main/train");
        assertThatThrownBy(() -> names.model("hf://org/gguf/tiny.gguf"))
                .hasMessageContaining("`cogent pull hf://org/gguf/tiny.gguf`");
    }

    @Test
    void a_student_without_a_tokenizer_is_refused_before_anything_is_curated_for_it() throws IOException {
        Path model = Files.createDirectory(cache.resolve("slow"));
        Files.writeString(model.resolve("config.json"), """
                {"architectures": ["LlamaForCausalLM"], "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1,
                 "num_attention_heads": 4, "vocab_size": 300, "rms_norm_eps": 1e-5, "max_position_embeddings": 64}
                """);
        Files.writeString(model.resolve("tokenizer.model"), "SentencePiece's own");

        assertThatThrownBy(() -> Students.requireKnown(
                        RecipeReader.defaults(List.of("corpus.path=c.jsonl", "student.model=" + model))))
                .hasMessageContaining(model + " has no tokenizer.json");
        Students.requireKnown(RecipeReader.defaults(List.of("sft.rows=ids.jsonl", "student.model=" + model)));
    }

    @Test
    void a_linked_student_is_hashed_like_the_folder_behind_the_link() throws IOException {
        Path model = Files.createDirectory(cache.resolve("model"));
        Files.writeString(model.resolve("model.safetensors"), "weights");
        Path link = Files.createSymbolicLink(cache.resolve("link"), model);

        assertThat(Manifest.hashes(List.of(link)))
                .containsOnlyKeys(link.resolve("model.safetensors").toString())
                .containsValue(Manifest.hashes(List.of(model)).firstEntry().getValue());
    }

    @Test
    void what_lies_beside_a_model_is_none_of_its_inputs() throws IOException {
        Path model = Files.createDirectory(cache.resolve("model"));
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json", "merges.txt")) {
            Files.writeString(model.resolve(name), name);
        }
        var before = Manifest.hashes(List.of(model));
        assertThat(before).hasSize(4);
        for (String name : List.of("README.md", "README_de.md", "LICENSE", "USE_POLICY.txt", ".DS_Store", ".x.json")) {
            Files.writeString(model.resolve(name), name);
        }
        Files.writeString(Files.createDirectory(model.resolve("onnx")).resolve("config.json"), "{}");
        assertThat(Manifest.hashes(List.of(model))).isEqualTo(before);
        Files.writeString(model.resolve("chat_template.jinja"), "x");
        assertThat(Manifest.hashes(List.of(model))).isNotEqualTo(before);
    }

    @Test
    void a_file_that_changed_has_another_hash() throws IOException {
        Path file = cache.resolve("rows.jsonl");
        Files.writeString(file, "one");
        String before = Manifest.hashes(List.of(file)).firstEntry().getValue();
        Files.writeString(file, "another");

        assertThat(Manifest.hashes(List.of(file)).firstEntry().getValue()).isNotEqualTo(before);
    }

    @Test
    void a_gguf_file_is_known_by_its_first_bytes_whatever_its_name() throws IOException {
        Path blob = Files.writeString(cache.resolve("sha256-0a1b"), "GGUF and no more");
        assertThat(ImportedGguf.is(blob)).isTrue();
        assertThat(ImportedGguf.is(Files.writeString(cache.resolve("x.gguf"), "PK")))
                .isFalse();
        assertThat(ImportedGguf.is(cache)).isFalse();
        assertThatThrownBy(() -> names.model(blob.toString())).hasMessageContaining("sha256-0a1b");
    }
}
