package cogent.model.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
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
    void who_only_looks_into_the_cache_has_no_thread() {
        long before = threads();
        for (int i = 0; i < 20; i++) {
            assertThat(new Hub(settings()).cachedModel(TINY)).isEmpty();
        }
        assertThat(threads()).isLessThanOrEqualTo(before); // those of other tests may end
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("HttpClient"))
                .count();
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
    void threads_that_want_the_same_model_at_once_all_get_it() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Path>> fetched = threads.invokeAll(Collections.nCopies(8, () -> model(TINY)));
            for (Future<Path> one : fetched) {
                assertThat(one.get().resolve("config.json")).exists();
            }
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
    void a_line_that_breaks_often_brings_it_all_the_same() {
        local.cutTransfers.set(12);

        assertThat(model(TINY).resolve("model.safetensors")).hasContent(WEIGHTS);
    }

    @Test
    void more_than_there_can_be_of_an_earlier_try_is_begun_anew() throws IOException {
        Path blobs = Files.createDirectories(folder.resolve("models--org--tiny/blobs"));
        String etag = LocalHub.hash("SHA-256", WEIGHTS.getBytes(UTF_8));
        Files.writeString(blobs.resolve(etag + ".cogent.incomplete"), WEIGHTS + "more");

        assertThat(model(TINY).resolve("model.safetensors")).hasContent(WEIGHTS);
    }

    @Test
    void a_whole_cache_that_cannot_be_written_serves_a_pull() throws IOException {
        Path first = model(TINY);
        Path refs = folder.resolve("models--org--tiny/refs");
        Path ref = refs.resolve("main");
        var written = Files.getLastModifiedTime(ref);

        assertThat(new Hub(settings()).pull(TINY, HubProgress.SILENT)).isEqualTo(first);
        assertThat(Files.getLastModifiedTime(ref)).isEqualTo(written);
        try (Stream<Path> files = Files.list(refs)) {
            assertThat(files).containsExactly(ref);
        }
    }

    @Test
    void a_cache_that_cannot_be_made_is_named_with_the_way_out() throws IOException {
        Path taken = Files.writeString(folder.resolve("taken"), "a file");
        Hub hub = new Hub(new HubSettings(local.address(), taken, Optional.empty(), false));

        assertThatThrownBy(() -> hub.model(TINY, HubProgress.SILENT))
                .hasMessageContaining("the cache at " + taken + " cannot be written")
                .hasMessageContaining("set HF_HUB_CACHE to another folder");
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
    void a_hub_that_stays_busy_is_no_missing_network() {
        local.busy.set(1000);
        assertThatThrownBy(() -> model(TINY))
                .hasMessageContaining(local.address() + " answers 503")
                .hasMessageContaining("Try again in 0 s, as it asks")
                .hasMessageNotContaining("network");

        local.busy.set(1);
        local.retryAfter = "300"; // longer than anybody waits before a silent command
        assertThatThrownBy(() -> model(TINY)).hasMessageContaining("Try again in 300 s");
    }

    @Test
    void the_hub_s_own_way_of_asking_for_patience_is_understood() {
        local.busy.set(1);
        local.rateLimit = "\"api\";r=0;t=300";
        assertThatThrownBy(() -> model(TINY))
                .hasMessageContaining("answers 429")
                .hasMessageContaining("again in 300 s");

        local.busy.set(1);
        local.rateLimit = "\"api\";r=0;t=0";
        assertThat(model(TINY)).exists();
    }

    @Test
    void a_renamed_repository_is_followed_whether_its_new_address_is_whole_or_not() {
        HubRepo old = HubRepo.model("org/renamed").orElseThrow();
        assertThat(model(old).resolve("model.safetensors")).hasContent(WEIGHTS);

        local.movedTo = local.address().toString();
        local.with("models/org/tiny", Map.of("config.json", "{}", "model.safetensors", "new"));
        assertThat(new Hub(settings()).pull(old, HubProgress.SILENT).resolve("model.safetensors"))
                .hasContent("new");
        assertThat(local.tokensAtStorage()).isEmpty();
    }

    @Test
    void what_a_commit_holds_is_asked_for_once() {
        model(TINY);
        int asked = local.asked().size();

        new Hub(settings()).pull(TINY, HubProgress.SILENT);
        assertThat(local.asked()).hasSize(asked + 1);
    }

    @Test
    void what_an_earlier_try_has_left_needs_no_room_again() throws IOException {
        HubCache cache = HubCache.of(settings(), TINY);
        Path part = cache.blob("e").resolveSibling("e.cogent.incomplete");
        Files.createDirectories(part.getParent());
        Files.writeString(part, "seven..");

        assertThat(new HubBlob("f", local.address(), "e", 10).fetched(cache)).isEqualTo(7);
        assertThat(new HubBlob("f", local.address(), "e", 6).fetched(cache))
                .as("more than there can be is no beginning")
                .isZero();
    }

    @Test
    void a_large_file_has_the_time_that_a_slow_line_needs_to_send_it() {
        HttpRequest.Builder request = HttpRequest.newBuilder(local.address());
        assertThat(HubHttp.patience(request.build())).isEqualTo(Duration.ofSeconds(60));
        assertThat(HubHttp.patience(request.PUT(BodyPublishers.fromPublisher(BodyPublishers.noBody(), 1L << 30))
                        .build()))
                .isEqualTo(Duration.ofSeconds(60 + 16_384));
    }

    @Test
    void a_refusal_of_the_storage_is_not_told_as_the_hub_s() {
        local.storageRefuses = true;

        assertThatThrownBy(() -> model(TINY))
                .hasMessageContaining("where the hub keeps its files, refuses with status 403")
                .hasMessageNotContaining("token");
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
    void an_unknown_host_is_said_to_be_one_and_a_server_without_tls_too() {
        IOException unresolved = new ConnectException();
        unresolved.initCause(new ConnectException().initCause(new UnresolvedAddressException()));
        assertThat(HubUnreachable.noConnection("https://no.such.host", unresolved))
                .hasMessage("https://no.such.host cannot be reached (unknown host)");

        assertThat(HubUnreachable.noConnection("https://hub", new SSLException("plaintext connection?")))
                .hasMessage("https://hub: no secure connection comes about (plaintext connection?)");
    }

    @Test
    void offline_asks_nothing() {
        HubSettings offline = new HubSettings(local.address(), folder, Optional.empty(), true);

        assertThatThrownBy(() -> new Hub(offline).model(TINY, HubProgress.SILENT))
                .hasMessageContaining("HF_HUB_OFFLINE");
        assertThat(local.asked()).isEmpty();
        Path cached = model(TINY);
        assertThat(new Hub(offline).model(TINY, HubProgress.SILENT)).isEqualTo(cached);
        assertThat(new Hub(offline).pull(TINY, HubProgress.SILENT)).isEqualTo(cached);
    }

    @Test
    void nothing_is_asked_for_packed() {
        model(TINY);
        assertThat(local.encodings()).containsOnly("identity");
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
    void other_forms_of_the_same_weights_are_left_where_they_are() throws IOException {
        Map<String, String> more = new HashMap<>(FILES);
        more.put("model.fp16.safetensors", "half");
        more.put("consolidated.safetensors", "again");
        local.with("models/org/tiny", more);

        assertThat(model(TINY).resolve("model.fp16.safetensors")).doesNotExist();
        assertThat(model(TINY).resolve("consolidated.safetensors")).doesNotExist();
    }

    @Test
    void a_gguf_model_in_pieces_is_fetched_whole_by_the_name_of_one() throws IOException {
        Map<String, String> two = Map.of("q/m-00001-of-00002.gguf", "GGUF1", "q/m-00002-of-00002.gguf", "GGUF2");
        local.with("models/org/pieces", two);
        local.with("models/org/half", Map.of("m-00001-of-00002.gguf", "GGUF1"));
        Hub hub = new Hub(settings());
        HubFile first = HubFile.gguf("hf://org/pieces/q/m-00001-of-00002.gguf").orElseThrow();
        HubFile half = HubFile.gguf("hf://org/half/m-00001-of-00002.gguf").orElseThrow();

        assertThat(hub.cachedFile(first)).isEmpty();
        assertThat(hub.file(first, HubProgress.SILENT).resolveSibling("m-00002-of-00002.gguf"))
                .hasContent("GGUF2");
        assertThat(hub.cachedFile(first)).isPresent();
        assertThatThrownBy(() -> hub.file(half, HubProgress.SILENT))
                .hasMessageContaining("the hub has no m-00002-of-00002.gguf, a piece of it");
        assertThat(hub.cachedFile(half)).isEmpty();
    }

    @Test
    void a_gguf_file_is_fetched_by_its_name_and_a_wrong_name_lists_the_right_ones() throws IOException {
        local.with(
                "models/org/gguf", Map.of("tiny-Q8_0.gguf", "GGUF8", "tiny-Q4_0.gguf", "GGUF4", "README.md", "card"));
        Hub hub = new Hub(settings());
        HubFile file = HubFile.gguf("hf://org/gguf/tiny-Q8_0.gguf").orElseThrow();

        Path fetched = hub.file(file, HubProgress.SILENT);
        assertThat(fetched).hasContent("GGUF8");
        assertThat(fetched.resolveSibling("tiny-Q4_0.gguf")).doesNotExist();
        assertThat(hub.cachedFile(file)).contains(fetched);
        assertThatThrownBy(() -> hub.file(HubFile.gguf("hf://org/gguf/x.gguf").orElseThrow(), HubProgress.SILENT))
                .hasMessageContaining("no such file")
                .hasMessageContaining("tiny-Q4_0.gguf, tiny-Q8_0.gguf");
        assertThatThrownBy(() -> model(HubRepo.model("org/gguf").orElseThrow()))
                .hasMessageContaining("name one, as hf://org/gguf/tiny-Q4_0.gguf (others: tiny-Q8_0.gguf)");
        assertThat(HubFile.gguf("dl/model/tiny.gguf"))
                .as("a file that is not there")
                .isEmpty();
        assertThat(HubFile.gguf("hf://org/name@v1/sub/a.gguf").orElseThrow())
                .isEqualTo(new HubFile(HubRepo.model("org/name@v1").orElseThrow(), "sub/a.gguf"));
    }

    @Test
    void an_adapter_is_told_from_a_model() {
        local.with("models/org/lora", Map.of("adapter_config.json", "{}", "adapter_model.safetensors", "a"));

        assertThatThrownBy(() -> model(HubRepo.model("org/lora").orElseThrow()))
                .hasMessageContaining("it is an adapter")
                .hasMessageContaining("--adapter");
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

        assertThat(hub.dataset(split("openai/gsm8k/main/train"), HubProgress.SILENT))
                .singleElement()
                .satisfies(file -> assertThat(file).hasContent("p"));
        assertThat(hub.dataset(split("org/json/default/train"), HubProgress.SILENT))
                .singleElement()
                .satisfies(file -> assertThat(file).hasContent("q"));
        assertThatThrownBy(() -> hub.dataset(split("openai/gsm8k/main/dev"), HubProgress.SILENT))
                .hasMessageContaining("configuration \"main\" and split \"dev\"");
        HubSettings offline = new HubSettings(local.address(), folder, Optional.empty(), true);
        for (String name : List.of("openai/gsm8k/main/train", "org/json/default/train")) {
            assertThat(new Hub(offline).dataset(split(name), HubProgress.SILENT))
                    .hasSize(1);
            assertThat(new Hub(offline).pull(split(name), HubProgress.SILENT)).hasSize(1);
        }
    }

    @Test
    void the_files_of_a_split_are_those_that_the_card_names() {
        local.with(
                "datasets/org/cards",
                Map.ofEntries(
                        Map.entry("README.md", """
                                ---
                                license: mit
                                configs:
                                - config_name: all
                                  default: true
                                  data_files:
                                  - split: train
                                    path: ["rows/a.jsonl", "rows/b*"]
                                  - split: test
                                    path: all/test-*
                                - config_name: one
                                  data_files: "**/c.csv"
                                - config_name: dir
                                  data_dir: deep/er
                                - config_name: none
                                  data_files: "none/*.parquet"
                                - config_name: bad
                                  data_files: ["c.csv", "rows/[.jsonl"]
                                ---
                                # Rows
                                """),
                        Map.entry("rows/a.jsonl", "a"),
                        Map.entry("rows/b1.jsonl", "b1"),
                        Map.entry("rows/b2.jsonl", "b2"),
                        Map.entry("rows/b.txt", "t"),
                        Map.entry("all/test-0.parquet", "t"),
                        Map.entry("all/train-00000-of-00001.parquet", "other"),
                        Map.entry("c.csv", "c"),
                        Map.entry("deep/er/train-00000-of-00001.parquet", "d"),
                        Map.entry("deep/train.parquet", "other")));
        local.with("datasets/org/plain", Map.of("README.md", "---\n: [no yaml\n---\n", "data/train.parquet", "p"));
        HubSettings offline = new HubSettings(local.address(), folder, Optional.empty(), true);

        for (Hub hub : List.of(new Hub(settings()), new Hub(settings()), new Hub(offline))) {
            assertThat(contents(hub, "org/cards/all/train")).containsExactly("a", "b1", "b2");
            assertThat(contents(hub, "org/cards/default/test")).containsExactly("t");
            assertThat(contents(hub, "org/cards/one/train")).containsExactly("c");
            assertThat(contents(hub, "org/cards/dir/train")).containsExactly("d");
            assertThat(contents(hub, "org/plain/default/train")).containsExactly("p");
        }
        for (String missing : List.of("one/test", "none/train", "other/train")) {
            assertThatThrownBy(() -> contents(new Hub(settings()), "org/cards/" + missing))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("and README.md names none");
        }
        assertThatThrownBy(() -> contents(new Hub(settings()), "org/cards/bad/train"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("\"rows/[.jsonl\", which is no pattern");
    }

    private static List<String> contents(Hub hub, String split) {
        return hub.dataset(split(split), HubProgress.SILENT).stream()
                .map(file -> {
                    try {
                        return Files.readString(file);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
    }

    @Test
    void a_file_of_rows_is_fetched_by_its_name_and_what_a_dataset_has_is_told() {
        local.with("datasets/org/rows", Map.of("data/a.jsonl", "{}", "b.csv.gz", "x", "README.md", "card"))
                .with("datasets/org/large", Map.of("a.jsonl", "{}"))
                .with(
                        "datasets/org/large@refs%2Fconvert%2Fparquet",
                        Map.of("en/partial-train/0000.parquet", "p", "en/test/0000.parquet", "t"));
        Hub hub = new Hub(settings());
        HubFile file = HubFile.rows("hf://datasets/org/rows/data/a.jsonl").orElseThrow();

        assertThat(hub.file(file, HubProgress.SILENT)).hasContent("{}").hasFileName("a.jsonl");
        HubSettings offline = new HubSettings(local.address(), folder, Optional.empty(), true);
        assertThat(new Hub(offline).pull(file, HubProgress.SILENT)).exists();
        assertThatThrownBy(() ->
                        hub.file(HubFile.rows("hf://datasets/org/rows/c.jsonl").orElseThrow(), HubProgress.SILENT))
                .hasMessage("hf://datasets/org/rows/c.jsonl: the hub has no such file."
                        + " There are hf://datasets/org/rows/b.csv.gz, hf://datasets/org/rows/data/a.jsonl");
        assertThatThrownBy(() -> hub.dataset(split("org/large/en/train"), HubProgress.SILENT))
                .as("a part of the rows goes by a name that says so")
                .hasMessageContaining(
                        "There are hf://datasets/org/large/en/partial-train, hf://datasets/org/large/en/test");
        assertThat(hub.dataset(split("org/large/en/partial-train"), HubProgress.SILENT))
                .hasSize(1);
        assertThat(HubSplit.dataset("hf://datasets/org/large").orElseThrow().id())
                .isEqualTo("org/large");
        assertThat(HubFile.rows("hf://datasets/org/a@refs/pr/1/x.parquet").orElseThrow())
                .isEqualTo(new HubFile(HubRepo.dataset("org/a", "refs/pr/1"), "x.parquet"));
        assertThat(HubFile.rows("hf://datasets/org/a/main/train")).isEmpty();
    }

    private static HubSplit split(String name) {
        return HubSplit.of("hf://datasets/" + name).orElseThrow();
    }

    @Test
    void what_the_hub_made_of_the_newest_revision_is_not_taken_for_another() {
        local.with("datasets/org/json", Map.of("data.jsonl", "{}"))
                .with("datasets/org/json@old", Map.of("data.jsonl", "{}"))
                .with("datasets/org/json@refs%2Fconvert%2Fparquet", Map.of("default/train/0000.parquet", "q"));

        assertThatThrownBy(() -> new Hub(settings()).dataset(split("org/json@old/default/train"), HubProgress.SILENT))
                .hasMessageContaining("no Parquet file");
    }

    @Test
    void parts_that_another_tool_left_out_are_fetched() throws IOException {
        local.with(
                "datasets/org/big",
                Map.of("data/train-00000-of-00002.parquet", "0", "data/train-00001-of-00002.parquet", "1"));
        Hub hub = new Hub(settings());
        List<Path> parts = hub.dataset(split("org/big/default/train"), HubProgress.SILENT);
        assertThat(parts).hasSize(2);
        Files.delete(parts.getLast());

        assertThat(hub.dataset(split("org/big/default/train"), HubProgress.SILENT))
                .isEqualTo(parts);
    }

    @Test
    void a_directory_is_pushed_as_one_commit_and_nothing_twice() throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        Files.writeString(model.resolve("config.json"), "{}");
        Files.writeString(model.resolve("model.safetensors"), WEIGHTS);
        Files.writeString(model.resolve(".DS_Store"), "a file manager's");
        Files.writeString(Files.createDirectory(model.resolve(".cache")).resolve("kept"), "a Python tool's");
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
    void a_token_that_is_not_taken_and_a_place_that_is_not_ours_are_told_apart() throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        Files.writeString(model.resolve("config.json"), "{}");
        HubUpload upload = new HubUpload(settings());

        local.tokenIsWrong = true;
        assertThatThrownBy(() -> upload.push(model, TINY, true, "m", HubProgress.SILENT))
                .hasMessageContaining("does not take the token")
                .hasMessageNotContaining("no model");
        local.forbids = "You cannot create a model under org";
        assertThatThrownBy(() -> upload.push(model, TINY, true, "m", HubProgress.SILENT))
                .hasMessageContaining("the hub forbids it, \"You cannot create a model under org\"");
    }

    @Test
    void what_the_hub_has_against_a_commit_is_told_in_its_words() throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        Files.writeString(model.resolve("config.json"), "{}");
        local.conflict = true;

        assertThatThrownBy(() -> new HubUpload(settings()).push(model, TINY, true, "m", HubProgress.SILENT))
                .hasMessage("org/tiny: somebody else has changed it meanwhile, \"A commit has happened since.\"."
                        + " The same command tries again");
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
        assertThat(HubSettings.of(Map.of("TRANSFORMERS_OFFLINE", "1"), home).offline())
                .isTrue();
        assertThat(HubSettings.of(Map.of("HF_TOKEN", " hf_a\r\nb\n"), home).token())
                .contains("hf_ab");
        assertThatThrownBy(() -> HubSettings.of(Map.of("HF_TOKEN", "hf_a b"), home))
                .hasMessageContaining("HF_TOKEN")
                .hasMessageNotContaining("hf_a");
        assertThatThrownBy(() -> HubSettings.of(Map.of("HF_ENDPOINT", "hub"), home))
                .hasMessageContaining("HF_ENDPOINT");
    }

    @Test
    void names_are_read_as_people_write_them() {
        assertThat(HubRepo.model("Qwen/Qwen2.5-0.5B-Instruct"))
                .contains(new HubRepo(HubRepo.Kind.MODEL, "Qwen/Qwen2.5-0.5B-Instruct", "main"));
        assertThat(HubRepo.model("org/name@v1.0").orElseThrow().revision()).isEqualTo("v1.0");
        assertThat(HubRepo.model("hf://gpt2").orElseThrow().id()).isEqualTo("gpt2");
        assertThat(HubRepo.model("org/name@refs/pr/1").orElseThrow().revision()).isEqualTo("refs/pr/1");
        assertThatThrownBy(() -> HubRepo.model("org/name@../../x")).hasMessageContaining("no revision");
        assertThat(List.of("models/a/b", "/abs/path", "../up", "name", "a b/c", "org/", "./x/y"))
                .allSatisfy(text -> assertThat(HubRepo.model(text)).isEmpty());
    }
}
