package cogent.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cogent.cli.Cogent.Child;
import cogent.cli.Cogent.Ran;
import cogent.cli.StubTeacher.Manner;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** {@code cogent curate} against endpoints as they are: faulty, slow, dead, limited, and with keys that are revoked. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class FaultyTeacherTest {
    private static final String KEY = "sk-planted-0123456789";
    private static final String NEW_KEY = "sk-planted-9876543210";

    @TempDir
    Path folder;

    private static boolean cutOff(HttpExchange exchange, String body) throws IOException {
        exchange.sendResponseHeaders(200, 999);
        exchange.getResponseBody().write(body.getBytes(UTF_8));
        exchange.close();
        return true;
    }

    /** What goes wrong, one after the other. */
    private static final List<Manner> FAULTS = List.of(
            (_, exchange) -> StubTeacher.say(exchange, 500, "{\"error\":{\"message\":\"boom\"}}"),
            (_, exchange) -> StubTeacher.say(exchange, 502, "text/html", "<html>bad gateway".getBytes(UTF_8)),
            (_, exchange) -> StubTeacher.say(exchange, 429, "{}"),
            (_, exchange) -> StubTeacher.say(exchange, 503, ""),
            (_, exchange) -> StubTeacher.say(exchange, 200, "{\"choices\":[]}"),
            (_, exchange) -> StubTeacher.say(exchange, 200, "{\"choices\":[{\"mess"),
            (_, exchange) -> StubTeacher.say(exchange, 200, "application/json", new byte[] {'"', (byte) 0xe2}),
            (_, exchange) -> StubTeacher.say(exchange, 200, "text/html", "<html>Welcome".getBytes(UTF_8)),
            (_, exchange) -> cutOff(exchange, ""),
            (_, exchange) -> cutOff(exchange, "{\"choices\":[{"),
            (call, exchange) -> StubTeacher.say(
                    exchange,
                    200,
                    "application/json",
                    StubTeacher.completion(call.hash(), "I'm sorry, but I can't help with that.", "stop")),
            (call, exchange) -> StubTeacher.say(
                    exchange, 200, "application/json", StubTeacher.completion(call.hash(), "", "content_filter")),
            (call, exchange) -> StubTeacher.say(
                    exchange, 200, "application/json", StubTeacher.completion(call.hash(), "Label: med", "length")));

    @Test
    void with_three_calls_in_ten_failing_every_one_of_a_thousand_samples_is_in_the_rows_or_refused_with_its_reason()
            throws IOException {
        Random random = new Random(7);
        AtomicInteger faults = new AtomicInteger();
        Manner faulty = (call, exchange) -> {
            boolean fails;
            synchronized (random) {
                fails = random.nextInt(10) < 3;
            }
            return fails && FAULTS.get(faults.getAndIncrement() % FAULTS.size()).answers(call, exchange);
        };
        try (StubTeacher teacher = new StubTeacher(faulty)) {
            Path recipe = recipe("faulty", teacher.url(), 1000, "retries: 0, concurrency: 256");
            Ran ran = Cogent.run(
                    "curate",
                    recipe,
                    "--set",
                    "curate.in_flight=1000",
                    "--set",
                    "curate.max_unanswered=1",
                    "--set",
                    "curate.distractor.per_problem=0");
            assertThat(ran.code()).as(ran.err()).isZero();
            assertThat(faults.get()).isGreaterThan(teacher.asked() / 4).isGreaterThan(500);
        }
        Path run = folder.resolve("runs/faulty");
        Set<String> ids = ids(run.resolve("sft.jsonl"));
        assertThat(ids).hasSizeGreaterThan(500);
        Set<String> refused = new HashSet<>();
        for (JsonNode row : Cogent.rows(run.resolve("refused.jsonl"))) {
            assertThat(row.path("reason").asString()).isNotBlank();
            refused.add(row.path("id").asString());
        }
        assertThat(refused).hasSizeGreaterThan(3).doesNotContainAnyElementsOf(ids);
        assertThat(ids.size() + refused.size()).isEqualTo(1000);
        assertThat(run.resolve("refused.jsonl")).content().contains("\"no answer\"", "Given up after 1 try.");
        assertThat(run.resolve("report.html")).content().contains("sent and brought no reply");
    }

    @Test
    void an_endpoint_that_refuses_every_call_stops_the_run_and_is_asked_again_once_it_is_mended() throws IOException {
        Manner refusing = (_, exchange) ->
                StubTeacher.say(exchange, 400, "{\"error\":{\"message\":\"Conversation roles must alternate\"}}");
        try (StubTeacher teacher = new StubTeacher(refusing)) {
            Path recipe = recipe("refusing", teacher.url(), 40, "concurrency: 4");
            Ran ran = Cogent.run("curate", recipe);
            assertThat(ran.code()).as(ran.out()).isNotZero();
            assertThat(ran.err()).contains("requests were all refused", "roles must alternate");
            assertThat(teacher.asked()).isLessThan(20);

            teacher.behave((_, _) -> false);
            assertThat(Cogent.run("curate", recipe).code()).isZero();
            assertThat(ids(folder.resolve("runs/refusing/sft.jsonl"))).isNotEmpty();
        }
    }

    @Test
    void a_corpus_of_which_every_row_is_too_long_ends_with_a_failure_that_says_so() throws IOException {
        Manner narrow = (_, exchange) -> StubTeacher.say(
                exchange,
                400,
                "{\"error\":{\"message\":\"This model's maximum context length is 8 tokens. However, your messages resulted"
                        + " in 500 tokens.\"}}");
        try (StubTeacher teacher = new StubTeacher(narrow)) {
            Path recipe = recipe("narrow", teacher.url(), 40, "concurrency: 4");
            Ran estimate = Cogent.run("curate", recipe, "--estimate");
            assertThat(estimate.code()).as(estimate.out()).isNotZero();
            assertThat(estimate.err()).contains("a prompt of 500 tokens leaves no room");
            Ran ran = Cogent.run("curate", recipe);
            assertThat(ran.code()).as(ran.out()).isNotZero();
            assertThat(ran.out() + ran.err()).contains("no row came of it", "a prompt of 500 tokens leaves no room");
            assertThat(folder.resolve("runs/narrow/report.html"))
                    .content()
                    .contains("critique: no label: request refused", "a prompt of 500 tokens leaves no room");

            teacher.behave((_, _) -> false);
            assertThat(Cogent.run("curate", folder.resolve("narrow.yaml"), "--estimate")
                            .code())
                    .isZero();
            assertThat(Cogent.run("curate", folder.resolve("narrow.yaml")).code())
                    .as("the same command asks again")
                    .isZero();
        }
    }

    @Test
    void a_corpus_of_which_every_reply_is_of_no_use_for_the_same_reason_ends_with_what_to_set() throws IOException {
        Manner tooLong = (call, exchange) -> StubTeacher.say(
                exchange, 200, "application/json", StubTeacher.completion(call.hash(), "Label: med", "length"));
        Manner thinking = (_, exchange) -> StubTeacher.say(
                exchange,
                200,
                "{\"choices\":[{\"message\":{\"content\":\"\",\"reasoning_content\":\"hm\"},\"finish_reason\":\"stop\"}]}");
        try (StubTeacher teacher = new StubTeacher(tooLong)) {
            Ran cutOff = Cogent.run("curate", recipe("cut-off", teacher.url(), 6, "concurrency: 4"));
            assertThat(cutOff.code()).as(cutOff.out()).isNotZero();
            assertThat(cutOff.out() + cutOff.err()).contains("no row came of it", "Raise teacher.max_tokens");
            teacher.behave(thinking);
            Ran thought = Cogent.run("curate", recipe("thinking", teacher.url(), 6, "concurrency: 4"));
            assertThat(thought.code()).as(thought.out()).isNotZero();
            assertThat(thought.out() + thought.err()).contains("no row came of it", "mend its reasoning parser");
        }
    }

    @Test
    void nothing_is_paid_twice_when_what_changes_does_not_shape_a_reply() throws IOException {
        try (StubTeacher first = new StubTeacher((_, _) -> false);
                StubTeacher second = new StubTeacher((_, _) -> false)) {
            Path recipe = recipe("same", first.url(), 20, "concurrency: 4");
            assertThat(Cogent.run("curate", recipe).code()).isZero();
            Path rows = folder.resolve("runs/same/sft.jsonl");
            byte[] before = Files.readAllBytes(rows);
            int paid = first.asked();
            for (String change : List.of(
                    "teacher.url=" + second.url(),
                    "teacher.concurrency=9",
                    "teacher.max_tokens=5000",
                    "teacher.stream=true",
                    "teacher.retries=1",
                    "teacher.deadline_seconds=77",
                    "teacher.price_in=7",
                    "curate.in_flight=3",
                    "curate.distractor.per_problem=0",
                    "sft.epochs=9")) {
                Ran ran = Cogent.run("curate", recipe, "--set", change);
                assertThat(ran.code()).as(change + ran.err()).isZero();
                assertThat(first.asked() + second.asked()).as(change).isEqualTo(paid);
                assertThat(rows).hasBinaryContent(before);
            }
            assertThat(Cogent.run("plan", recipe, "--set", "teacher.temperature=0.9")
                            .out()
                            .replaceAll("\\s+", " "))
                    .contains("(teacher.temperature changed)", "this run has %,d stored replies".formatted(paid));
            assertThat(Cogent.run("plan", recipe).out()).doesNotContain("stored");
        }
    }

    @Test
    void a_row_that_one_server_finds_too_long_is_asked_again_at_another_and_nothing_else_is() throws IOException {
        AtomicInteger first = new AtomicInteger();
        Manner narrow = (_, exchange) -> first.getAndIncrement() == 0
                && StubTeacher.say(
                        exchange,
                        400,
                        "{\"error\":{\"message\":\"This model's maximum context length is 8 tokens. However, your messages"
                                + " resulted in 500 tokens.\"}}");
        try (StubTeacher small = new StubTeacher(narrow);
                StubTeacher large = new StubTeacher((_, _) -> false)) {
            Path recipe = recipe("moved", small.url(), 20, "concurrency: 1");
            assertThat(Cogent.run("curate", recipe).code()).isZero();
            Path refused = folder.resolve("runs/moved/refused.jsonl");
            assertThat(refused).content().contains("leaves no room");
            int asked = small.asked();
            assertThat(Cogent.run("curate", recipe).code()).isZero();
            assertThat(small.asked()).as("at the same address").isEqualTo(asked);

            recipe("moved", large.url(), 20, "concurrency: 1");
            assertThat(Cogent.run("plan", recipe).out()).contains("urls changed");
            assertThat(Cogent.run("curate", recipe).code()).isZero();
            assertThat(large.asked()).isBetween(1, 12);
            assertThat(refused).content().doesNotContain("leaves no room");
            assertThat(Cogent.run("plan", recipe).out()).doesNotContain("changed");
        }
    }

    @Test
    void a_key_revoked_in_mid_run_stops_it_cleanly_and_a_new_one_goes_on_without_a_call_twice() throws Exception {
        Set<String> answered = ConcurrentHashMap.newKeySet();
        Set<String> again = ConcurrentHashMap.newKeySet();
        AtomicInteger accepted = new AtomicInteger();
        Manner keyed = (call, exchange) -> {
            if (call.key().endsWith(KEY) && accepted.incrementAndGet() > 60) {
                String said = "{\"error\":{\"message\":\"Incorrect API key provided: " + call.key() + "\"}}";
                return StubTeacher.say(exchange, 401, said);
            }
            if (accepted.get() % 9 == 5) { // what is retried echoes the key too
                accepted.incrementAndGet();
                return StubTeacher.say(exchange, 500, "{\"error\":{\"message\":\"for " + call.key() + "\"}}");
            }
            if (!answered.add(call.hash())) {
                again.add(call.hash());
            }
            return false;
        };
        try (StubTeacher teacher = new StubTeacher(keyed)) {
            Path recipe = recipe("keyed", teacher.url(), 60, "key_env: STUB_KEY, concurrency: 8");
            Child estimate = start(KEY, "curate", recipe, "--estimate", "--rows", 3, "--debug");
            assertThat(estimate.end().err()).contains("Estimate for 60 rationales");

            Ran revoked = start(KEY, "curate", recipe, "--debug").end();
            assertThat(revoked.code()).as(revoked.err()).isEqualTo(2);
            assertThat(revoked.err())
                    .contains("the key in environment variable STUB_KEY was refused (401: Incorrect API key")
                    .contains("What was answered is kept. Put a valid one there. Rerun the same command to continue.");
            assertThat(folder.resolve("runs/keyed/sft.jsonl")).doesNotExist();
            assertThat(Cogent.run("report", folder.resolve("runs/keyed")).code())
                    .isZero();
            assertThat(Cogent.run("curate", recipe, "--batch-out", folder.resolve("out"))
                            .code())
                    .isZero();

            Ran continued = start(NEW_KEY, "curate", recipe, "--debug").end();
            assertThat(continued.code()).as(continued.err()).isZero();
            assertThat(again).as("asked again though it was answered").isEmpty();
            assertThat(accepted.get()).isGreaterThan(60);

            teacher.behave((_, _) -> false);
            Ran whole = Cogent.run("curate", recipe("whole", teacher.url(), 60, "concurrency: 8"));
            assertThat(whole.code()).as(whole.err()).isZero();
        }
        for (String file : List.of("sft.jsonl", "preferences.jsonl", "refused.jsonl")) {
            assertThat(folder.resolve("runs/keyed").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("runs/whole").resolve(file));
        }
        assertThat(folder.resolve("out")).isNotEmptyDirectory();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(KEY, NEW_KEY);
            }
        }
    }

    private Child start(String key, Object... arguments) throws IOException {
        return Cogent.start(folder, Map.of("STUB_KEY", key), arguments);
    }

    @Test
    void two_addresses_of_a_model_share_the_work_by_what_they_have_out() throws IOException {
        CountDownLatch enough = new CountDownLatch(40);
        AtomicInteger waiting = new AtomicInteger();
        try (StubTeacher slow = new StubTeacher((_, _) -> !enough.await(1, TimeUnit.MINUTES));
                StubTeacher quick = new StubTeacher((_, _) -> {
                    synchronized (enough) {
                        if (enough.getCount() == 1) {
                            waiting.set(slow.asked());
                        }
                        enough.countDown();
                    }
                    return false;
                })) {
            Ran ran = Cogent.run(
                    "curate",
                    recipe("two", slow.url() + " " + quick.url(), 40, "concurrency: 8, requests_per_minute: 0"));
            assertThat(ran.code()).as(ran.err()).isZero();
            // one that answers nothing keeps its half of the eight places, and the other one answers forty calls
            // meanwhile
            assertThat(waiting.get()).isBetween(1, 4);
            assertThat(ran.err()).contains("40 samples");
        }
    }

    @Test
    void a_dead_or_failing_address_is_set_aside_for_the_other() throws IOException {
        try (StubTeacher sound = new StubTeacher((_, _) -> false);
                StubTeacher failing = new StubTeacher((_, exchange) -> StubTeacher.say(exchange, 503, ""))) {
            StubTeacher dead = new StubTeacher((_, _) -> false);
            dead.close();
            String urls = String.join(" ", dead.url(), failing.url(), sound.url());
            Ran ran = Cogent.run("curate", recipe("dead", urls, 40, "concurrency: 8"));
            assertThat(ran.code()).as(ran.err()).isZero();
            assertThat(failing.asked()).isBetween(1, sound.asked() / 2);
            assertThat(folder.resolve("runs/dead/refused.jsonl")).content().doesNotContain("no answer");
        }
    }

    @ParameterizedTest
    @CsvSource({"requests_per_minute: 1200", "tokens_per_minute: 600000"})
    void a_limit_of_the_recipe_is_held(String limit) throws IOException {
        try (StubTeacher teacher = new StubTeacher((_, _) -> false)) {
            long start = System.nanoTime();
            Ran ran = Cogent.run(
                    "curate",
                    recipe("limited", teacher.url(), 20, "concurrency: 64, " + limit),
                    "--set",
                    "curate.distractor.per_problem=0");
            assertThat(ran.code()).as(ran.err()).isZero();
            // one second's worth may go at once; each reply of the stub is of more than 300 tokens
            double[] arrived = teacher.calls.stream()
                    .mapToDouble(call -> (call.nanos() - start) / 1e9)
                    .sorted()
                    .toArray();
            double perSecond = limit.startsWith("req") ? 20 : 600_000 / 60.0 / 300;
            assertThat(arrived.length).isGreaterThan(40);
            assertThat(arrived[arrived.length - 1])
                    .as(Arrays.toString(arrived))
                    .isGreaterThan((arrived.length - 1) / perSecond - 1);
        }
    }

    @Test
    void an_endpoint_that_asks_for_a_pause_gets_it() throws IOException {
        Set<Long> after = ConcurrentHashMap.newKeySet();
        long[] until = {0};
        Manner pausing = (call, exchange) -> {
            if (call.number() == 10) {
                until[0] = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(900);
                exchange.getResponseHeaders().set("Retry-After", "1");
                return StubTeacher.say(exchange, 429, "{\"error\":{\"message\":\"slow down\"}}");
            }
            if (call.number() > 10) {
                after.add(call.nanos());
            }
            return false;
        };
        try (StubTeacher teacher = new StubTeacher(pausing)) {
            Ran ran = Cogent.run("curate", recipe("pause", teacher.url(), 15, "concurrency: 1"));
            assertThat(ran.code()).as(ran.err()).isZero();
        }
        assertThat(after).isNotEmpty().allMatch(nanos -> nanos >= until[0]);
    }

    private Path recipe(String name, String urls, int problems, String teacher) throws IOException {
        return Files.writeString(
                folder.resolve(name + ".yaml"), """
                runs: %s
                corpus: {path: playground}
                playground: {problems: %d, held_out: 5, steps: 1, largest: 20}
                teacher: {url: "%s", model: m, seed: 1, max_tokens: 500, price_in: 1, price_out: 2, %s}
                """.formatted(folder.resolve("runs"), problems, urls, teacher));
    }

    private static Set<String> ids(Path file) {
        return Cogent.rows(file).stream().map(row -> row.path("id").asString()).collect(Collectors.toSet());
    }
}
