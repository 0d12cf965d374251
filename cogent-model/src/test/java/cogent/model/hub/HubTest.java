package cogent.model.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HubTest {
    private static final HubRepo TINY = HubRepo.model("org/tiny").orElseThrow();
    private static final String WEIGHTS = "w".repeat(300_000);
    private static final Map<String, String> FILES = Map.of(
            "config.json", "{\"model_type\": \"qwen2\"}",
            "tokenizer.json", "{}",
            "model.safetensors", WEIGHTS,
            "pytorch_model.bin", "x".repeat(5000),
            "onnx/model.onnx", "y",
            "README.md", "a card");

    @TempDir
    Path folder;

    private LocalHub local;

    @BeforeEach
    void start() throws IOException {
        local = new LocalHub().with("models/org/tiny", FILES);
    }

    @AfterEach
    void stop() {
        local.close();
    }

    private HubSettings settings() {
        return new HubSettings(local.address(), folder, Optional.of("hf_secret"), false);
    }

    private Path model(HubRepo repo) {
        return new Hub(settings()).model(repo, HubProgress.SILENT);
    }

    @Test
    void a_model_is_fetched_into_the_layout_that_python_tools_share() throws IOException {
        Path directory = model(TINY);

        assertThat(directory.getParent()).isEqualTo(folder.resolve("models--org--tiny/snapshots"));
        assertThat(directory.resolve("model.safetensors")).isSymbolicLink().hasContent(WEIGHTS);
        assertThat(Files.readSymbolicLink(directory.resolve("config.json")).toString())
                .startsWith("../../blobs/");
        assertThat(folder.resolve("models--org--tiny/blobs/" + LocalHub.hash("SHA-256", WEIGHTS.getBytes(UTF_8))))
                .hasContent(WEIGHTS);
        assertThat(folder.resolve("models--org--tiny/refs/main"))
                .hasContent(directory.getFileName().toString());
    }

    @Test
    void only_the_files_that_are_needed_are_fetched() throws IOException {
        try (Stream<Path> files = Files.list(model(TINY))) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder("config.json", "tokenizer.json", "model.safetensors", "README.md");
        }
    }

    @Test
    void what_the_cache_holds_whole_is_not_asked_for() {
        Path first = model(TINY);
        int asked = local.asked().size();

        assertThat(model(TINY)).isEqualTo(first);
        assertThat(local.asked()).hasSize(asked);
    }

    @Test
    void pulling_again_brings_the_newest_commit_and_only_what_changed() {
        Path first = model(TINY);
        Map<String, String> changed = new HashMap<>(FILES);
        changed.put("README.md", "another card");
        local.with("models/org/tiny", changed);

        Path second = new Hub(settings()).pull(TINY, HubProgress.SILENT);

        assertThat(second).isNotEqualTo(first);
        assertThat(second.resolve("README.md")).hasContent("another card");
        assertThat(local.asked().stream().filter(line -> line.startsWith("GET storage")))
                .hasSize(1);
    }

    @Test
    void a_transfer_that_is_cut_off_continues_where_it_was() {
        local.cutTransfers.set(2);

        assertThat(model(TINY).resolve("model.safetensors")).hasContent(WEIGHTS);
        assertThat(local.asked()).anyMatch(line -> line.matches("GET storage bytes=[1-9]\\d*-"));
    }

    @Test
    void bytes_that_are_not_those_announced_are_refused_and_removed() throws IOException {
        local.damaged = true;

        assertThatThrownBy(() -> model(TINY))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("model.safetensors")
                .hasMessageContaining("damaged on the way");
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.map(Path::toString)).noneMatch(name -> name.contains("incomplete"));
        }
        local.damaged = false;
        assertThat(model(TINY).resolve("model.safetensors")).hasContent(WEIGHTS);
    }

    @Test
    void the_token_goes_to_the_hub_and_not_to_its_storage() {
        model(TINY);

        assertThat(local.tokensAtStorage()).isEmpty();
        assertThat(settings().toString()).doesNotContain("hf_secret");
    }

    @Test
    void a_busy_hub_is_asked_again() {
        local.busy.set(2);

        assertThat(model(TINY)).exists();
    }

    @Test
    void gated_missing_and_misnamed_revisions_are_told_apart() {
        assertThatThrownBy(() -> model(HubRepo.model("org/nothing").orElseThrow()))
                .hasMessageContaining("no model \"org/nothing\" on the hub, or it is private");
        assertThatThrownBy(() -> model(HubRepo.model("org/tiny@v9").orElseThrow()))
                .hasMessageContaining("org/tiny has no revision \"v9\"");
        local.gated = true;
        assertThatThrownBy(() -> model(TINY))
                .hasMessageContaining("is gated: accept its conditions at " + local.address() + "/org/tiny");
    }

    @Test
    void without_a_network_the_sentence_says_so_and_the_cache_still_serves() throws IOException {
        Path cached = model(TINY);
        HubSettings nowhere = new HubSettings(URI.create("http://127.0.0.1:9"), folder, Optional.empty(), false);

        assertThat(new Hub(nowhere).model(TINY, HubProgress.SILENT)).isEqualTo(cached);
        assertThatThrownBy(
                        () -> new Hub(nowhere).model(HubRepo.model("org/other").orElseThrow(), HubProgress.SILENT))
                .hasMessageContaining("http://127.0.0.1:9 cannot be reached (connection refused)")
                .hasMessageContaining("HF_ENDPOINT");
        Files.delete(cached.resolve("tokenizer.json"));
        assertThat(new Hub(nowhere).model(TINY, HubProgress.SILENT)).isEqualTo(cached);
    }

    @Test
    void offline_asks_nothing() {
        HubSettings offline = new HubSettings(local.address(), folder, Optional.empty(), true);

        assertThatThrownBy(() -> new Hub(offline).model(TINY, HubProgress.SILENT))
                .hasMessageContaining("HF_HUB_OFFLINE");
        assertThat(local.asked()).isEmpty();
        Path cached = model(TINY);
        assertThat(new Hub(offline).model(TINY, HubProgress.SILENT)).isEqualTo(cached);
    }

    @Test
    void a_half_fetched_model_of_another_tool_is_completed() throws IOException {
        Path directory = model(TINY);
        Path link = directory.resolve("model.safetensors");
        Files.delete(directory.resolve(Files.readSymbolicLink(link)).normalize());

        assertThat(model(TINY).resolve("model.safetensors")).hasContent(WEIGHTS);
    }

    @Test
    void shards_are_all_there_or_fetched() {
        local.with(
                "models/org/shards",
                Map.of(
                        "config.json", "{}",
                        "tokenizer.json", "{}",
                        "model-00001-of-00002.safetensors", "1",
                        "model-00002-of-00002.safetensors", "2",
                        "model.safetensors.index.json",
                                "{\"weight_map\": {\"a\": \"model-00001-of-00002.safetensors\","
                                        + " \"b\": \"model-00002-of-00002.safetensors\"}}"));

        Path directory = model(HubRepo.model("org/shards").orElseThrow());

        assertThat(directory.resolve("model-00002-of-00002.safetensors")).hasContent("2");
    }

    @Test
    void names_that_would_leave_the_folder_are_not_written() throws IOException {
        Map<String, String> hostile = new HashMap<>(FILES);
        hostile.put("../../../README.md", "out");
        hostile.put("a/../../README.md", "out");
        local.with("models/org/tiny", hostile);

        Path cache = folder.resolve("a/b/c/d/cache");
        new Hub(new HubSettings(local.address(), cache, Optional.empty(), false)).model(TINY, HubProgress.SILENT);

        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(f -> f.endsWith("README.md")).filter(f -> !f.startsWith(cache)))
                    .isEmpty();
        }
    }

    @Test
    void old_weight_formats_are_refused_with_the_reason() {
        local.with("models/org/old", Map.of("config.json", "{}", "pytorch_model.bin", "x"));

        assertThatThrownBy(() -> model(HubRepo.model("org/old").orElseThrow())).hasMessageContaining("no safetensors");
    }

    @Test
    void a_split_is_found_in_the_repository_or_in_what_the_hub_made_of_it() {
        local.with(
                        "datasets/openai/gsm8k",
                        Map.of("main/train-00000-of-00001.parquet", "p", "main/test-00000-of-00001.parquet", "t"))
                .with("datasets/org/json", Map.of("data.jsonl", "{}"))
                .with("datasets/org/json@refs%2Fconvert%2Fparquet", Map.of("default/train/0000.parquet", "q"));
        Hub hub = new Hub(settings());

        assertThat(hub.dataset(
                        new HubRepo(HubRepo.Kind.DATASET, "openai/gsm8k", "main"), "main", "train", HubProgress.SILENT))
                .singleElement()
                .satisfies(file -> assertThat(file).hasContent("p"));
        assertThat(hub.dataset(
                        new HubRepo(HubRepo.Kind.DATASET, "org/json", "main"), "default", "train", HubProgress.SILENT))
                .singleElement()
                .satisfies(file -> assertThat(file).hasContent("q"));
        assertThatThrownBy(() -> hub.dataset(
                        new HubRepo(HubRepo.Kind.DATASET, "openai/gsm8k", "main"), "main", "dev", HubProgress.SILENT))
                .hasMessageContaining("no Parquet file for configuration \"main\" and split \"dev\"");
    }

    @Test
    void a_directory_is_pushed_as_one_commit_and_nothing_twice() throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        Files.writeString(model.resolve("config.json"), "{}");
        Files.writeString(model.resolve("model.safetensors"), WEIGHTS);
        HubUpload upload = new HubUpload(settings());
        HubRepo mine = HubRepo.model("me/mine").orElseThrow();
        List<String> moved = new ArrayList<>();

        String where = upload.push(model, mine, true, "first", (file, done, total) -> moved.add(file));
        upload.push(model, mine, true, "again", (file, done, total) -> moved.add(file));

        assertThat(where).isEqualTo(local.address() + "/commit/1");
        assertThat(local.files("models/me/mine")).containsOnlyKeys("config.json", "model.safetensors");
        assertThat(new String(local.files("models/me/mine").get("model.safetensors"), UTF_8))
                .isEqualTo(WEIGHTS);
        assertThat(moved).containsExactly("model.safetensors");
    }

    @Test
    void pushing_without_a_token_says_where_to_get_one() {
        HubSettings nobody = new HubSettings(local.address(), folder, Optional.empty(), false);

        assertThatThrownBy(() -> new HubUpload(nobody).push(folder, TINY, true, "m", HubProgress.SILENT))
                .hasMessageContaining("HF_TOKEN");
    }

    @Test
    void settings_follow_the_variables_of_the_python_tools() {
        Path home = Path.of("/home/u");
        assertThat(HubSettings.of(Map.of(), home).cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
        assertThat(HubSettings.of(Map.of("HF_HOME", "/data/hf"), home).cache()).isEqualTo(Path.of("/data/hf/hub"));
        assertThat(HubSettings.of(Map.of("HF_HOME", "/data/hf", "HF_HUB_CACHE", "~/c"), home)
                        .cache())
                .isEqualTo(home.resolve("c"));
        assertThat(HubSettings.of(Map.of("XDG_CACHE_HOME", "/x"), home).cache())
                .isEqualTo(Path.of("/x/huggingface/hub"));
        assertThat(HubSettings.of(Map.of("HF_ENDPOINT", "https://mirror.example/"), home)
                        .endpoint())
                .isEqualTo(URI.create("https://mirror.example"));
        assertThat(HubSettings.of(Map.of("HF_HUB_OFFLINE", "1"), home).offline())
                .isTrue();
        assertThatThrownBy(() -> HubSettings.of(Map.of("HF_ENDPOINT", "hub"), home))
                .hasMessageContaining("HF_ENDPOINT");
    }

    @Test
    void names_are_read_as_people_write_them() {
        assertThat(HubRepo.model("Qwen/Qwen2.5-0.5B-Instruct"))
                .contains(new HubRepo(HubRepo.Kind.MODEL, "Qwen/Qwen2.5-0.5B-Instruct", "main"));
        assertThat(HubRepo.model("org/name@v1.0").orElseThrow().revision()).isEqualTo("v1.0");
        assertThat(HubRepo.model("hf://gpt2").orElseThrow().id()).isEqualTo("gpt2");
        assertThat(List.of("models/a/b", "/abs/path", "../up", "name", "a b/c", "org/", "./x/y"))
                .allSatisfy(text -> assertThat(HubRepo.model(text)).isEmpty());
    }
}
