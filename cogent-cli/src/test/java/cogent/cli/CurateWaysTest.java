package cogent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.cli.Cogent.Ran;
import cogent.llm.ChatException;
import cogent.llm.ChatModel;
import cogent.playground.PlaygroundChat;
import cogent.playground.World;
import cogent.serve.ChatServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code cogent curate} does besides curating: estimate, batches, recompute; against a teacher over HTTP. */
@Timeout(120)
class CurateWaysTest {
    private final AtomicInteger asked = new AtomicInteger();

    @TempDir
    Path folder;

    private volatile String silentOn = "no problem holds this";
    private ChatServer server;
    private Path recipe;

    @BeforeEach
    void serve() throws IOException {
        ChatModel rules = new PlaygroundChat();
        server = ChatServer.start(
                "m",
                request -> {
                    asked.incrementAndGet();
                    if (request.messages().getFirst().content().contains(silentOn)) {
                        throw new ChatException(ChatException.Kind.TRANSIENT, "busy");
                    }
                    return rules.chat(request);
                },
                0);
        recipe = Files.writeString(folder.resolve("x.yaml"), """
                runs: %s
                corpus: {path: playground}
                student: {model: playground}
                playground: {problems: 30, held_out: 5, steps: 1, largest: 20}
                teacher: {url: "%s", model: m, price_in: 10, price_out: 40, max_tokens: 500}
                """.formatted(folder.resolve("runs"), server.base()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void an_estimate_is_paid_once_and_a_recomputation_not_at_all() throws IOException {
        Ran estimate = Cogent.run("curate", recipe, "--estimate", "--rows", 6);
        assertThat(estimate.code()).as(estimate.err()).isZero();
        assertThat(estimate.out())
                .contains("Estimate for 30 rationales, from 6 of them", "critic", "95 % interval", "paid calls");
        int sampled = asked.get();
        assertThat(sampled).isBetween(6, 100);

        Ran again = Cogent.run("curate", recipe, "--estimate", "--rows", 6);
        assertThat(again.out()).contains(" spent now    0 paid calls");
        assertThat(asked.get()).isEqualTo(sampled);
        assertThat(folder.resolve("runs/x/sft.jsonl")).doesNotExist();

        Ran whole = Cogent.run("curate", recipe);
        assertThat(whole.code()).as(whole.err()).isZero();
        assertThat(whole.err()).contains(" + " + sampled + " from the store");
        int all = asked.get();
        String rows = Files.readString(folder.resolve("runs/x/sft.jsonl"));

        Ran reparsed = Cogent.run("curate", recipe, "--reparse");
        assertThat(reparsed.code()).as(reparsed.err()).isZero();
        assertThat(Files.readString(folder.resolve("runs/x/sft.jsonl"))).isEqualTo(rows);
        assertThat(asked.get()).isEqualTo(all);

        Ran lacking = Cogent.run("curate", recipe, "--reparse", "--set", "curate.critic.votes=3");
        assertThat(lacking.code()).isEqualTo(1);
        assertThat(lacking.out()).contains("60 of the critic", "None was fetched");
        assertThat(asked.get()).isEqualTo(all);
        assertThat(Cogent.run("curate", recipe).err()).doesNotContain("curate     done before");
    }

    @Test
    void an_estimate_from_every_row_is_what_the_run_then_takes_and_nobody_is_asked_about_what_is_held_out() {
        Object[] estimate = {"curate", recipe, "--estimate", "--rows", 30, "--set", "corpus.held_out=0.5"};
        String said = Cogent.run(estimate).out();
        String rows = said.replaceFirst("(?s).*Estimate for (\\d+) rationales, from \\1 of them.*", "$1");
        String calls = said.replaceFirst("(?s).*\n all +(\\d+) .*", "$1");
        assertThat(Integer.parseInt(rows)).isBetween(5, 25);
        assertThat(Integer.parseInt(calls)).isEqualTo(asked.get());
        assertThat(said.replaceFirst("(?s).*\n critic +(\\d+) .*", "$1")).isEqualTo(rows);
        Ran whole = Cogent.run("curate", recipe, "--set", "corpus.held_out=0.5");
        assertThat(whole.err()).contains(rows + " samples", calls + " from the store");
        assertThat(Integer.parseInt(calls)).as("no further call").isEqualTo(asked.get());
        JsonNode plan = JsonMapper.shared()
                .readTree(Cogent.run("plan", recipe, "--json", "--set", "corpus.held_out=0.5", "--set", "name=other")
                        .out());
        double planned = plan.path("stages")
                .valueStream()
                .filter(stage -> stage.path("stage").asString().equals("curate"))
                .mapToDouble(stage -> stage.path("calls").asDouble())
                .sum();
        assertThat(planned).isBetween(asked.get() / 1.6, asked.get() * 1.6);
    }

    @Test
    void samples_without_an_answer_are_borne_up_to_the_share_that_the_recipe_names() throws IOException {
        silentOn = new World(1, 20).corpus(30, 7).toList().get(4).problem().text();
        Ran strict = Cogent.run("curate", recipe, "--set", "teacher.retries=0");
        assertThat(strict.code()).as(strict.err()).isEqualTo(1);
        assertThat(strict.out())
                .contains("1 of 30 samples got no answer", "busy", "curate.max_unanswered (a share, now 0.01)");
        assertThat(folder.resolve("runs/x/refused.jsonl")).content().contains("\"stage\":\"endpoint\"");
        Path run = folder.resolve("runs/x");
        String id =
                Cogent.rows(run.resolve("refused.jsonl")).getFirst().path("id").asString();
        assertThat(Cogent.run("show", run, "--sample", id).out()).contains("problem", "no answer", "busy");
        int before = asked.get();
        Ran calls = Cogent.run("show", run, "--sample", id, "--calls");
        assertThat(calls.code()).as(calls.err()).isZero();
        assertThat(calls.out())
                .contains("no reply is stored · critic", "[cogent critique v2]", silentOn, "not answered: ", "busy");
        assertThat(asked).hasValue(before);
        Ran still = Cogent.run("curate", recipe, "--set", "teacher.retries=0", "--set", "curate.max_unanswered=0.033");
        assertThat(still.code()).isEqualTo(1);
        Ran lax = Cogent.run("curate", recipe, "--set", "teacher.retries=0", "--set", "curate.max_unanswered=0.034");
        assertThat(lax.code()).as(lax.err()).isZero();
        assertThat(lax.err()).contains("1 of them got no answer");
    }

    @Test
    void a_wave_sends_nothing_and_says_what_comes_next() throws IOException {
        Ran wave = Cogent.run("curate", recipe, "--batch-out", folder.resolve("out"));
        assertThat(wave.code()).as(wave.err()).isZero();
        assertThat(wave.out()).contains("30 calls written, none sent", "--batch-in RESULTS.jsonl");
        assertThat(Files.readAllLines(folder.resolve("out/x-001-m.jsonl"))).hasSize(30);
        Path requests = folder.resolve("out/x-001-m.jsonl");
        Ran wrong = Cogent.run("curate", recipe, "--batch-in", requests);
        assertThat(wrong.out()).contains("0 replies taken", "is a request, no result");
        Ran recipeLast = Cogent.run("curate", "--batch-in", requests, requests, recipe);
        assertThat(recipeLast.code()).as(recipeLast.err()).isZero();
        assertThat(recipeLast.out()).contains("0 replies taken", "curate " + recipe + " --batch-out DIR");
        Ran none = Cogent.run("curate", "--batch-in", recipe);
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("--batch-in needs a file of results, and " + recipe + " is none");
        assertThat(asked).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({
        "--reparse --estimate, goes with none of the other ways",
        "--estimate --rows 0, --rows must be at least 1",
        "--batch-again, goes with --batch-out",
        "--batch-in no.jsonl, has written no batch yet"
    })
    void ways_that_make_no_sense_are_told(String options, String expected) {
        Ran ran = Cogent.run(java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("curate", recipe.toString()),
                        java.util.stream.Stream.of(options.split(" ", -1)))
                .toArray());
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains(expected);
    }
}
