package cogent.curate.run;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.curate.Curation;
import cogent.curate.CurationSettings;
import cogent.curate.PairBuilder;
import cogent.curate.agent.Critic;
import cogent.curate.agent.Distractor;
import cogent.curate.agent.Rethinker;
import cogent.curate.agent.Sums;
import cogent.curate.agent.Verifier;
import cogent.curate.run.CurationRun.Mode;
import cogent.data.RowFormat;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.llm.SamplingParams;
import cogent.llm.batch.BatchResults;
import cogent.llm.batch.BatchWave;
import cogent.llm.meter.Budget;
import cogent.llm.meter.Price;
import cogent.llm.meter.UsageTotals;
import cogent.llm.openai.Endpoint;
import cogent.llm.run.ChatModels;
import cogent.llm.store.RunDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Curation without a network: batch files in waves, and stored replies alone. */
@Timeout(120)
final class BatchTest {
    private static final int SAMPLES = 40;
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Endpoint NOWHERE = Endpoint.at("http://127.0.0.1:9/v1", "m")
            .withSampling(SamplingParams.DEFAULT.withSeed(0).withMaxTokens(50))
            .withPrice(new Price(100, 1000));

    @TempDir
    Path folder;

    private int votes = 3;

    @BeforeEach
    void direct() {
        try (RunDatabase database = RunDatabase.open(folder.resolve("direct"));
                ChatModels board = new ChatModels(database, Budget.UNLIMITED)) {
            assertThat(run(board.connect(BatchTest::answer, NOWHERE.identity()), database, "direct", Mode.FETCH))
                    .isPresent();
        }
    }

    /** The agents' teacher: as over HTTP, it sees the messages and the seed alone. */
    private static ChatReply answer(ChatRequest request) {
        String message = request.messages().getFirst().content();
        String agent = message.contains("Label:")
                ? "critic"
                : message.contains("Verdict:")
                        ? "verifier"
                        : message.startsWith("[cogent distract") ? "distractor" : "rethinker";
        return new Sums().chat(new ChatRequest(agent, request.messages(), request.sample()));
    }

    private Optional<CurationSummary> run(ChatModel chat, RunDatabase database, String name, Mode mode) {
        Curation curation = new Curation(
                new Critic(chat, "0.5B", votes),
                new Rethinker(chat, "0.5B"),
                new Verifier(chat),
                new Distractor(chat, 2),
                CurationSettings.DEFAULT);
        return new CurationRun(
                        curation,
                        new PairBuilder(RowFormat.THINK, PairBuilder.DEFAULT_BETA),
                        database,
                        "settings",
                        16,
                        () -> false,
                        _ -> {})
                .run(_ -> Sums.corpus(SAMPLES), List.of(), List.of(), SAMPLES, folder.resolve(name), mode);
    }

    /** One {@code --batch-out}: the wave, or null when nothing was left to ask. */
    private BatchWave.Written wave(RunDatabase database, Budget budget, boolean again) {
        try (BatchWave wave = new BatchWave(database, folder.resolve("batches"), "mine", again, 0.5);
                ChatModels board = ChatModels.batched(database, budget, wave)) {
            return run(board.connect(NOWHERE), database, "batched", Mode.BATCH).isPresent() ? null : wave.finish();
        }
    }

    /** What the provider makes of a request file. */
    private static List<String> results(Path requests) throws IOException {
        List<String> results = new ArrayList<>();
        for (String line : Files.readAllLines(requests)) {
            JsonNode request = JSON.readTree(line);
            assertThat(request.path("method").asString()).isEqualTo("POST");
            assertThat(request.path("url").asString()).isEqualTo("/v1/chat/completions");
            results.add(bent(result(request), results.size()).toString());
        }
        return results;
    }

    /** As some providers write a whole result: without the body around the reply, or with an empty error in it. */
    private static ObjectNode bent(ObjectNode result, int number) {
        ObjectNode response = result.withObject("response");
        ObjectNode body = response.withObject("body");
        if (number % 3 == 1) {
            result.set("response", body);
        } else if (number % 3 == 2) {
            body.putObject("error").put("message", "").putNull("code");
        }
        return result;
    }

    private static ObjectNode result(JsonNode request) {
        JsonNode body = request.path("body");
        ChatReply reply = answer(ChatRequest.of(
                        "?", body.path("messages").path(0).path("content").asString())
                .withSample(body.path("seed").asInt()));
        ObjectNode line = JSON.createObjectNode()
                .put("id", "r-" + request.path("custom_id").asString())
                .put("custom_id", request.path("custom_id").asString());
        line.putObject("response")
                .put("status_code", 200)
                .putObject("body")
                .put("model", "m")
                .set(
                        "choices",
                        JSON.valueToTree(List.of(Map.of(
                                "finish_reason",
                                "stop",
                                "message",
                                Map.of("role", "assistant", "content", reply.text())))));
        line.putNull("error");
        return line;
    }

    @Test
    void waves_of_batch_files_end_in_the_outputs_of_a_direct_run() throws IOException {
        int waves = 0;
        try (RunDatabase database = RunDatabase.open(folder.resolve("batched"))) {
            for (BatchWave.Written written = wave(database, Budget.UNLIMITED, false);
                    written != null;
                    written = wave(database, Budget.UNLIMITED, false)) {
                waves++;
                assertThat(written.out()).isZero();
                if (waves == 1) {
                    assertThat(written.byAgent().get("critic").calls())
                            .as("votes do not wait for each other")
                            .isEqualTo(3L * SAMPLES);
                }
                for (BatchWave.RequestFile file : written.files()) {
                    Path results = Files.write(folder.resolve("results"), results(file.path()));
                    assertThat(BatchResults.read(database, results).replies()).isEqualTo(file.calls());
                }
            }
        }
        assertThat(waves).isGreaterThan(3);
        same("batched");
    }

    @Test
    void errors_repetitions_foreign_lines_and_files_that_are_cut_off_lose_nothing() throws IOException {
        Random random = new Random(5);
        try (RunDatabase database = RunDatabase.open(folder.resolve("batched"))) {
            for (BatchWave.Written written = wave(database, Budget.UNLIMITED, false);
                    written != null;
                    written = wave(database, Budget.UNLIMITED, false)) {
                for (BatchWave.RequestFile file : written.files()) {
                    List<String> lines = new ArrayList<>(results(file.path()));
                    int whole = lines.size();
                    for (int i = random.nextInt(4); i < whole; i += 1 + random.nextInt(6)) {
                        String id =
                                JSON.readTree(lines.get(i)).path("custom_id").asString();
                        lines.set(
                                i,
                                i % 2 == 0
                                        ? "{\"id\":\"e-%s-%d\",\"custom_id\":\"%s\",\"response\":null,\"error\":{\"code\":\"batch_expired\",\"message\":\"too late\"}}"
                                                .formatted(id, random.nextInt(), id)
                                        : "{\"id\":\"e-%s-%d\",\"custom_id\":\"%s\",\"response\":{\"status_code\":500,\"body\":{\"error\":{\"message\":\"oops\"}}},\"error\":null}"
                                                .formatted(id, random.nextInt(), id));
                    }
                    Collections.shuffle(lines, random);
                    lines.add(lines.getFirst());
                    lines.add("{\"custom_id\":\"nobody\",\"response\":{\"status_code\":200,\"body\":{}}}");
                    lines.add("");
                    lines.add("[1]");
                    String text =
                            String.join("\n", lines) + "\n" + lines.getFirst().substring(0, 40);
                    Path results = Files.writeString(folder.resolve("results"), text);

                    BatchResults read = BatchResults.read(database, results);
                    long failed =
                            read.failed().values().stream().mapToLong(n -> n).sum();
                    assertThat(read.replies() + failed).isEqualTo(whole);
                    assertThat(read.known()).isEqualTo(1);
                    assertThat(read.unknown()).isEqualTo(1);
                    assertThat(read.unreadable()).hasSize(2);

                    BatchResults twice = BatchResults.read(database, results);
                    assertThat(twice.replies()).isZero();
                    assertThat(twice.failed()).isEmpty();
                }
            }
        }
        same("batched");
    }

    @Test
    void a_call_that_is_out_is_not_written_again_unless_asked_for() throws IOException {
        try (RunDatabase database = RunDatabase.open(folder.resolve("batched"))) {
            BatchWave.Written first = wave(database, Budget.UNLIMITED, false);
            BatchWave.Written second = wave(database, Budget.UNLIMITED, false);
            assertThat(second.files()).isEmpty();
            assertThat(second.out()).isEqualTo(first.files().getFirst().calls());
            BatchWave.Written again = wave(database, Budget.UNLIMITED, true);
            assertThat(again.out()).isZero();
            assertThat(keys(again)).hasSameElementsAs(keys(first));
        }
    }

    private static List<String> keys(BatchWave.Written written) throws IOException {
        return Files.readAllLines(written.files().getFirst().path()).stream()
                .map(line -> JSON.readTree(line).path("custom_id").asString())
                .toList();
    }

    @Test
    void a_wave_takes_no_more_calls_than_the_budget_bears_with_those_that_are_out() {
        try (RunDatabase database = RunDatabase.open(folder.resolve("batched"))) {
            Budget budget = new Budget(50, Long.MAX_VALUE, Double.POSITIVE_INFINITY);
            BatchWave.Written first = wave(database, budget, false);
            assertThat(first.files().getFirst().calls()).isEqualTo(50);
            assertThat(first.unaffordable()).isEqualTo(3L * SAMPLES - 50);
            assertThat(first.budget()).contains("budget", "50 calls", "Raise");
            assertThat(wave(database, budget, false).files()).isEmpty();
        }
    }

    @Test
    void batched_calls_cost_their_share_of_the_price() throws IOException {
        try (RunDatabase database = RunDatabase.open(folder.resolve("batched"))) {
            BatchWave.Written first = wave(database, Budget.UNLIMITED, false);
            Path results = Files.write(
                    folder.resolve("results"), results(first.files().getFirst().path()));
            BatchResults.read(database, results);
        }
        UsageTotals critic = ChatModels.spent(folder.resolve("batched")).get("critic");
        assertThat(critic.cost())
                .isCloseTo(
                        0.5 * (critic.promptTokens() * 100 + critic.completionTokens() * 1000) / 1e6,
                        org.assertj.core.data.Offset.offset(1e-9));
    }

    @Test
    void stored_replies_alone_give_the_same_outputs_again() throws IOException {
        Path copy = folder.resolve("copy");
        Files.createDirectory(copy);
        Files.copy(folder.resolve("direct/run.db"), copy.resolve("run.db"));
        try (RunDatabase database = RunDatabase.open(copy);
                ChatModels board = ChatModels.stored(database)) {
            run(board.connect(NOWHERE), database, "copy", Mode.REPARSE);
            assertThat(board.snapshot().total().failed()).isZero();
        }
        same("copy");
    }

    @Test
    void a_reply_that_is_not_stored_is_said_and_not_fetched() throws IOException {
        votes = 5;
        String before = Files.readString(folder.resolve("direct/sft.jsonl"));
        try (RunDatabase database = RunDatabase.open(folder.resolve("direct"));
                ChatModels board = ChatModels.stored(database)) {
            assertThat(run(board.connect(NOWHERE), database, "direct", Mode.REPARSE))
                    .isEmpty();
            assertThat(board.snapshot().byAgent().get("critic").failed()).isEqualTo(2L * SAMPLES);
        }
        assertThat(folder.resolve("direct/sft.jsonl")).hasContent(before);
    }

    private void same(String name) {
        for (String file : List.of("sft.jsonl", "preferences.jsonl", "refused.jsonl")) {
            assertThat(folder.resolve(name).resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("direct").resolve(file));
        }
    }
}
