package cogent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.cli.Cogent.Ran;
import cogent.data.Sample;
import cogent.llm.ChatException;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.playground.PlaygroundChat;
import cogent.playground.World;
import cogent.serve.ChatServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A corpus that lacks rationales, and a teacher over HTTP that writes them. */
@Timeout(120)
final class AuthorTest {
    private static final List<Sample> WORLD = new World(2, 99).corpus(8, 3).toList();
    private static final ChatModel RULES = new PlaygroundChat(0);
    private static final String WRITES = "curate.author.samples=3";

    @TempDir
    Path folder;

    private final Map<String, Integer> asked = new ConcurrentHashMap<>();
    private final AtomicInteger answers = new AtomicInteger(Integer.MAX_VALUE);
    private ChatServer server;
    private Path recipe;
    private Path run;

    @BeforeEach
    void a_corpus_of_problems_and_a_teacher() throws IOException {
        server = ChatServer.start("m", this::reply, 0);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < WORLD.size(); i++) {
            Sample sample = WORLD.get(i);
            Map<String, String> row = new LinkedHashMap<>();
            row.put("id", "p" + i);
            row.put("problem", sample.problem().text());
            row.put("answer", i == 5 ? "-1" : sample.problem().answer()); // nobody reaches that one
            if (i == 2) {
                row.put("rationale", sample.rationale().text());
            }
            lines.append(JsonMapper.shared().writeValueAsString(row)).append('\n');
        }
        corpus(lines.toString());
        recipe = Files.writeString(
                folder.resolve("x.yaml"), """
                runs: %s
                corpus: {path: %s}
                teacher: {url: "%s", model: m, price_in: 10, price_out: 40, max_tokens: 500, retries: 0, seed: 7}
                """.formatted(folder, folder.resolve("problems.jsonl"), server.base()));
        run = folder.resolve("x");
    }

    private void corpus(String lines) throws IOException {
        Files.writeString(folder.resolve("problems.jsonl"), lines);
    }

    private ChatReply reply(ChatRequest request) {
        if (answers.getAndDecrement() <= 0) {
            throw new ChatException(ChatException.Kind.FATAL, "key revoked");
        }
        asked.merge(request.messages().getFirst().content() + request.sample(), 1, Integer::sum);
        return RULES.chat(request);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Ran cogent(String command, String... more) {
        List<Object> arguments = new ArrayList<>(List.of(command, recipe));
        Stream.of(more)
                .flatMap(word -> word.contains("=") ? Stream.of("--set", word) : Stream.of(word))
                .forEach(arguments::add);
        return Cogent.run(arguments.toArray());
    }

    private int calls() {
        return asked.values().stream().mapToInt(n -> n).sum();
    }

    @Test
    void the_teacher_writes_what_is_missing_and_a_rerun_has_nothing_to_do() throws IOException {
        Ran plan = cogent("plan", WRITES, "student.model=playground");
        assertThat(plan.out()).containsPattern("author +to do +7 missing rationales, at most 21 calls");
        Ran ran = cogent("curate", WRITES);
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.err()).containsPattern("author +7 rationales missing: 6 written, 1 refused; 9 calls, tokens");
        assertThat(run.resolve("authored.jsonl")).content().hasLineCount(7);
        assertThat(run.resolve("sft.jsonl")).content().hasLineCount(7);
        assertThat(run.resolve("refused.jsonl"))
                .content()
                .contains("\"line\":6", "3 × reaches another answer")
                .hasLineCount(1);
        assertThat(run.resolve("report.html"))
                .content()
                .contains(
                        "7 rows of the corpus had no rationale; the author wrote 6 of them",
                        "no usable solution by the author")
                .containsPattern("(?s)>author</th>.{0,40}>9<");
        assertThat(cogent("plan", WRITES, "student.model=playground", "curate.critic.view=7B")
                        .out())
                .containsPattern("author +done +7 rationales missing: 6 written");
        Ran again = cogent("curate", WRITES);
        assertThat(again.out() + again.err()).contains("done before: 7 rationales missing");
        assertThat(Cogent.run("show", run, "--sample", "p1").out())
                .containsPattern("(?s)problem .*answer .*author +\\d+ lines.*critic +medium");
        assertThat(Cogent.run("show", run, "--sample", "p5").out())
                .contains("not used: reaches another answer", "refused     no usable solution by the author");
        assertThat(Cogent.run("show", run, "--sample", "p2").out())
                .contains("teacher")
                .doesNotContain("author");
    }

    @Test
    void what_the_author_was_asked_and_replied_is_shown_before_the_other_calls() {
        assertThat(cogent("curate", WRITES).code()).isZero();
        int paid = calls();
        Ran written = Cogent.run("show", run, "--sample", "p1", "--calls");
        assertThat(written.code()).as(written.err()).isZero();
        assertThat(written.out())
                .containsSubsequence(
                        "call 1 of ",
                        "· author",
                        "[cogent solve v2]",
                        WORLD.get(1).problem().text(),
                        "reply of m",
                        "· critic",
                        "[cogent critique v2]");
        Ran refused = Cogent.run("show", run, "--sample", "p5", "--calls");
        assertThat(refused.out())
                .containsSubsequence("call 1 of 3 · author", "call 2 of 3", "call 3 of 3")
                .contains("not answered: no usable solution by the author: 3 × reaches another answer")
                .doesNotContain("critic");
        assertThat(Cogent.run("show", run, "--sample", "p2", "--calls").out()).doesNotContain("author");
        assertThat(Cogent.run("show", run, "--sample", "none", "--calls").err()).contains("no sample none");
        assertThat(calls()).isEqualTo(paid);
    }

    @Test
    void a_run_that_was_cut_off_anywhere_repeats_no_call_and_ends_in_the_same_bytes() throws IOException {
        Ran whole = cogent("curate", WRITES, "name=whole");
        assertThat(whole.code()).as(whole.err()).isZero();
        int needed = calls();
        asked.clear();
        int stops = 0;
        for (int code = 1; code != 0; stops++) {
            assertThat(stops).isLessThan(20);
            answers.set(4);
            code = cogent("curate", WRITES, "curate.in_flight=2", "teacher.concurrency=2")
                    .code();
        }
        assertThat(stops).isGreaterThan(3);
        assertThat(asked.values()).containsOnly(1);
        assertThat(calls()).isEqualTo(needed);
        for (String file : List.of("authored.jsonl", "sft.jsonl", "preferences.jsonl", "refused.jsonl")) {
            assertThat(run.resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("whole").resolve(file));
        }
    }

    @Test
    void an_estimate_counts_the_author_and_is_paid_once() {
        Ran estimate = cogent("curate", WRITES, "--estimate");
        assertThat(estimate.code()).as(estimate.err()).isZero();
        assertThat(estimate.out())
                .contains("Estimate for 8 rationales, 7 of them still to be written, from 8 of them")
                .containsPattern("author +9 ");
        int tried = calls();
        assertThat(run.resolve("authored.jsonl")).doesNotExist();
        assertThat(cogent("curate", WRITES).code()).isZero();
        assertThat(calls()).isEqualTo(tried);
        assertThat(cogent("curate", WRITES, "--estimate", "curate.critic.votes=3")
                        .out())
                .contains("Estimate for 7 rationales, from 7");
        assertThat(cogent(
                                "curate",
                                WRITES,
                                "--estimate",
                                "name=y",
                                "curate.critic.by=both",
                                "curate.critic.student=" + folder)
                        .err())
                .contains("--set curate.critic.by=teacher");
    }

    @Test
    void recomputing_sends_nothing_and_says_what_is_not_stored() throws IOException {
        assertThat(cogent("curate", WRITES).code()).isZero();
        int paid = calls();
        byte[] rows = Files.readAllBytes(run.resolve("sft.jsonl"));
        Ran same = cogent("curate", WRITES, "--reparse");
        assertThat(same.code()).as(same.err()).isZero();
        assertThat(run.resolve("sft.jsonl")).hasBinaryContent(rows);
        Ran lacking = cogent("curate", "curate.author.samples=5", "--reparse");
        assertThat(lacking.code()).isEqualTo(1);
        assertThat(lacking.out()).contains("1 of the author", "None was fetched");
        assertThat(run.resolve("sft.jsonl")).hasBinaryContent(rows);
        assertThat(calls()).isEqualTo(paid);
    }

    @Test
    void in_batches_the_author_comes_first_and_is_asked_again_only_where_it_missed() throws IOException {
        Path out = folder.resolve("out");
        Ran first = cogent("curate", WRITES, "--batch-out", out.toString());
        assertThat(first.code()).as(first.err()).isZero();
        assertThat(first.out()).contains("7 calls written, none sent").containsPattern("author +7 calls");
        Path results = answered(out.resolve("x-001-m.jsonl"), "that leads nowhere");
        Ran second = cogent("curate", WRITES, "--batch-in", results.toString(), "--batch-out", out.toString());
        assertThat(second.out()).contains("7 replies taken", "1 call written").containsPattern("author +1 call,");
        assertThat(calls()).isZero();
    }

    /** Replies in the format of batch results: the reference answer of each problem, or for p5 a wrong one. */
    private Path answered(Path requests, String wrong) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String line : Files.readAllLines(requests)) {
            JsonNode call = JsonMapper.shared().readTree(line);
            String message = call.at("/body/messages/0/content").asString();
            String text = WORLD.stream()
                    .filter(sample -> message.contains(sample.problem().text()))
                    .filter(sample -> !sample.equals(WORLD.get(5)))
                    .map(sample -> "It is so.\n\n\\boxed{" + sample.problem().answer() + "}")
                    .findFirst()
                    .orElse(wrong);
            var reply = JsonMapper.shared()
                    .createObjectNode()
                    .put("custom_id", call.path("custom_id").asString());
            var body = reply.putObject("response").put("status_code", 200).putObject("body");
            var choice = body.put("model", "m").putArray("choices").addObject().put("finish_reason", "stop");
            choice.putObject("message").put("role", "assistant").put("content", text);
            body.putObject("usage").put("prompt_tokens", 100).put("completion_tokens", 10);
            lines.append(reply).append('\n');
        }
        return Files.writeString(folder.resolve("results.jsonl"), lines);
    }

    @Test
    void a_budget_is_kept_and_what_it_paid_for_is_kept_too() {
        Ran ran = cogent("curate", WRITES, "teacher.budget_calls=4", "curate.in_flight=1");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("budget");
        assertThat(calls()).isEqualTo(4);
        assertThat(run.resolve("report.html")).content().containsPattern("(?s)>author</th>.{0,40}>4<");
        assertThat(cogent("curate", WRITES).code()).isZero();
        assertThat(asked.values()).containsOnly(1);
    }

    @Test
    void without_an_author_the_refusal_names_the_key() {
        Ran ran = cogent("curate");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("no rationale", "curate.author.samples");
        Ran negative = cogent("curate", "curate.author.samples=-1");
        assertThat(negative.code()).isEqualTo(2);
        assertThat(negative.err()).contains("\"curate.author.samples\" cannot be -1");
    }

    @Test
    void a_corpus_that_is_filtered_out_whole_is_the_users_to_mend() {
        Ran ran = cogent("curate", WRITES, "corpus.clean.min_characters=100000");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("nothing is left of the corpus", "7 × rationale too short", "refused.jsonl");
    }

    @Test
    void an_author_that_reaches_no_answer_at_all_is_told_as_such() throws IOException {
        corpus("{\"problem\": \"Why?\", \"answer\": \"42\"}\n{\"problem\": \"Write f.\", \"answer\": \"a\\nb\"}\n");
        Ran ran = cogent("curate", WRITES);
        assertThat(ran.code()).isEqualTo(1); // a refused request is asked again by the same command
        assertThat(ran.out())
                .contains(
                        "author: 1 of 2 problems got no answer",
                        "The last: ",
                        "1 × no usable solution by the author; the last the reference answer is no final answer");
        Ran without = cogent("curate", WRITES, "curate.max_unanswered=1");
        assertThat(without.code()).isEqualTo(2);
        assertThat(without.err()).contains("author: not one rationale was written, and the corpus has none");
        corpus("{\"problem\": \"Write f.\", \"tests\": [1, 2]}\n");
        assertThat(cogent("curate", WRITES).err()).contains("no rationale and no answer");
    }

    @Test
    void a_teacher_that_is_away_is_asked_again_by_the_same_command() {
        server.close();
        Ran away = cogent("curate", WRITES);
        assertThat(away.code()).isEqualTo(1);
        assertThat(away.err() + away.out()).contains("7 of 7 problems got no answer", "The same command asks again");
        assertThat(run.resolve("authored.jsonl")).doesNotExist();
        Ran still = cogent("curate", WRITES, "curate.max_unanswered=1");
        assertThat(still.code()).isNotZero();
    }
}
