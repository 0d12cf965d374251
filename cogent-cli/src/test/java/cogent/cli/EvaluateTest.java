package cogent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.cli.Cogent.Child;
import cogent.cli.Cogent.Ran;
import cogent.llm.ChatException;
import cogent.llm.ChatReply;
import cogent.llm.store.RunDatabase;
import cogent.serve.ChatServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Evaluations of a model behind an endpoint, from the command line: killed, continued, compared, looked at, judged anew. */
class EvaluateTest {
    private static final int PROBLEMS = 24;

    @TempDir
    Path folder;

    private final AtomicInteger calls = new AtomicInteger();
    /** The number at which the server fails. */
    private volatile int broken = -1;

    private ChatServer server;

    @BeforeEach
    void serve() {
        // right about even numbers
        server = ChatServer.start(
                "student",
                request -> {
                    calls.incrementAndGet();
                    String prompt = request.messages().getFirst().content();
                    int n = Integer.parseInt(prompt.replaceAll("(?s)What is (\\d+) doubled.*", "$1"));
                    if (n == broken) {
                        throw new ChatException(ChatException.Kind.TRANSIENT, "out of memory");
                    }
                    String answer = n % 2 == 0 ? "It is \\boxed{" + 2 * n + "}." : "It is \\boxed{\\sum_k k}.";
                    return new ChatReply("student", answer, "", ChatReply.Finish.STOP, new ChatReply.Usage(9, 5, 0));
                },
                0);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Path recipe(String name, String more) throws IOException {
        StringBuilder data = new StringBuilder();
        for (int i = 0; i < PROBLEMS; i++) {
            data.append(
                    "{\"id\":\"p%d\",\"problem\":\"What is %d doubled?\",\"answer\":\"%d\"}%n".formatted(i, i, 2 * i));
        }
        Path problems = Files.writeString(folder.resolve("problems.jsonl"), data);
        return Files.writeString(
                folder.resolve(name + ".yaml"), """
                runs: %s
                evaluate:
                  benchmarks: [gsm8k]
                  data: {gsm8k: %s}
                  endpoints: {student: {url: "%s", model: student, concurrency: 1}%s}
                """.formatted(folder.resolve("runs"), problems, server.base(), more));
    }

    private Path run(String name) {
        return folder.resolve("runs").resolve(name);
    }

    @Test
    void a_killed_evaluation_asks_only_what_is_missing() throws Exception {
        Path recipe = recipe("killed", "");
        Child child = Cogent.start(folder, "evaluate", recipe);
        assertThat(child.waitFor(() -> calls.get() >= 5))
                .as(Files.readString(child.log()))
                .isTrue();
        child.signal("KILL");
        child.end();
        Ran continued = Cogent.run("evaluate", recipe);
        assertThat(continued.code()).as(continued.err()).isZero();
        assertThat(continued.out()).contains("GSM8K", "50.0 %", "12 of 24 undecided");
        assertThat(calls.get()).isBetween(PROBLEMS, PROBLEMS + 1); // one may have been on its way
        int before = calls.get();
        assertThat(Cogent.run("evaluate", recipe).err()).contains("done before");
        assertThat(calls).hasValue(before);
        long stored = RunDatabase.peek(run("killed"), c -> {
            try (var rows = c.createStatement().executeQuery("SELECT count(*) FROM calls")) {
                return rows.getLong(1);
            }
        });
        assertThat(stored).isGreaterThanOrEqualTo(PROBLEMS - 1);
    }

    @Test
    void a_killed_evaluation_in_this_process_keeps_its_answers_and_ends_as_if_it_had_not_been_killed()
            throws Exception {
        Path model = folder.resolve("model");
        assertThat(Cogent.run("init", "--playground", model).code()).isZero();
        Path recipe = recipe("local", "");
        String settings = Files.readString(recipe).replaceAll("  endpoints: .*\n", "")
                + "  batch_size: 1\n  max_new_tokens: 48\n  top_k: 20\n  repetition_penalty: 1.3\nstudent: {model: %s}\n"
                        .formatted(model);
        Files.writeString(recipe, settings);
        Path whole = Files.writeString(folder.resolve("whole.yaml"), settings);
        assertThat(Cogent.run("evaluate", whole).code()).isZero();
        assertThat(Files.readString(new cogent.pipeline.run.RunDirectory(run("whole")).manifest("evaluate")))
                .contains("top-k 20, repetition penalty 1.3");

        Path log = run("local").resolve("evaluation/gsm8k/base.jsonl.part");
        Child child = Cogent.start(folder, "evaluate", recipe);
        assertThat(child.waitFor(() -> Files.exists(log) && lines(log) >= 2))
                .as(Files.readString(child.log()))
                .isTrue();
        child.signal("KILL");
        child.end();
        assertThat(lines(log)).isLessThan(PROBLEMS);
        String kept = Files.readString(log);
        assertThat(Cogent.run("evaluate", recipe).code()).isZero();
        Path results = run("local").resolve("evaluation/gsm8k/base.jsonl");
        assertThat(results).hasSameTextualContentAs(run("whole").resolve("evaluation/gsm8k/base.jsonl"));
        assertThat(Files.readAllLines(results))
                .containsAll(kept.substring(0, kept.lastIndexOf('\n')).lines().toList());
    }

    @Test
    void a_question_that_got_no_answer_is_told_and_asked_again_by_the_same_command() throws IOException {
        Path recipe = recipe("broken", "");
        Files.writeString(recipe, Files.readString(recipe).replace("concurrency: 1", "concurrency: 1, retries: 0"));
        broken = 4;
        Ran ran = Cogent.run("evaluate", recipe);
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.out() + ran.err()).contains("45.8 %", "1 of 24 without an answer");
        assertThat(calls).hasValue(PROBLEMS);
        broken = -1;
        Ran again = Cogent.run("evaluate", recipe);
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.out()).contains("50.0 %");
        assertThat(calls).hasValue(PROBLEMS + 1);
        assertThat(Cogent.run("evaluate", recipe).err()).contains("done before");
        assertThat(calls).hasValue(PROBLEMS + 1);
    }

    private static long lines(Path file) throws IOException {
        return Files.readString(file).chars().filter(c -> c == '\n').count();
    }

    @Test
    void problems_that_the_training_corpus_holds_are_told_beside_the_accuracy() throws IOException {
        Path recipe = recipe("seen", "");
        Path problems = folder.resolve("problems.jsonl");
        Files.writeString(
                problems,
                Files.readString(problems)
                        .replace(
                                "doubled?", "doubled? So many ships passed the lighthouse each day before the storm."));
        Path corpus = Files.writeString(folder.resolve("corpus.jsonl"), """
                {"id": "c1", "problem": "What is 3 doubled? So many ships passed the lighthouse each day before the storm.", "answer": "6", "rationale": "3 + 3 = 6. \\\\boxed{6}"}
                {"id": "c2", "problem": "How many legs do seven spiders and two beetles have in one jar?", "answer": "68", "rationale": "56 + 12 = 68. \\\\boxed{68}"}
                """);
        Ran seen =
                Cogent.run("evaluate", recipe, "--set", "corpus.path=" + corpus, "--set", "evaluate.models=[student]");
        assertThat(seen.code()).as(seen.err()).isZero();
        assertThat(seen.out())
                .contains("careful: 1 row of the training corpus holds a problem of this benchmark", "c1");
        assertThat(run("seen").resolve("report.html")).content().contains("careful: 1 row of");
    }

    @Test
    void answers_are_shown_compared_and_judged_anew() throws IOException {
        Path recipe = recipe("a", ", again: {url: \"%s\", model: student, temperature: 1}".formatted(server.base()));
        assertThat(Cogent.run("evaluate", recipe).code()).isZero();
        Path run = run("a");

        Ran wrong = Cogent.run("show", run, "--wrong", "--model", "student", "--size", 3);
        assertThat(wrong.out())
                .contains("problem p1", "What is 1 doubled?", "cannot tell", "page 1 of 4 · 12 wrong answers of 24");
        assertThat(Cogent.run("show", run, "--undecided", "--page", 99).err()).contains("--page 99: there are");
        assertThat(Cogent.run("show", run).code()).isEqualTo(2);
        assertThat(run.resolve("report.html")).content().contains("answers that the checker cannot tell");

        Path page = folder.resolve("compare.html");
        Path figures = Files.writeString(
                folder.resolve("figures.yaml"),
                "- {benchmark: gsm8k, model: Other-7B, accuracy: 81, source: its card}\n");
        Ran compared = Cogent.run("compare", run, "--published", figures, "--html", page);
        assertThat(compared.code()).as(compared.err()).isZero();
        assertThat(compared.out())
                .contains("student", "again", "+0.0 (+0.0 to +0.0), p = 1.00", "Other-7B", "its card");
        assertThat(page).content().contains("Other-7B (published)", "<svg", "p, corrected");
        Path twin = Files.createSymbolicLink(folder.resolve("twin"), run);
        assertThat(Cogent.run("compare", run, twin).out()).contains("p = 1.00 (corrected 1.00), better on 0");
        assertThat(Cogent.run("compare", run, "--baseline", "nobody").err()).contains("--baseline nobody", "student");
        assertThat(Cogent.run("compare", folder).code()).isEqualTo(2);

        int before = calls.get();
        Files.writeString(
                folder.resolve("problems.jsonl"),
                Files.readString(folder.resolve("problems.jsonl")).replace("\"answer\":\"4\"", "\"answer\":\"5\""));
        Ran regraded = Cogent.run("evaluate", "--regrade", recipe);
        assertThat(regraded.err()).contains("student on gsm8k: 24 answers, 1 verdict changed");
        assertThat(regraded.out()).contains("45.8 %");
        assertThat(calls).hasValue(before);
    }

    @Test
    void mistakes_in_endpoints_are_told_before_anything_is_asked() throws IOException {
        Path recipe = recipe("b", "");
        assertThat(Cogent.run("evaluate", recipe, "--set", "evaluate.models=[nobody]")
                        .err())
                .contains("\"nobody\" is none of base, raw, sft, aligned", "student");
        assertThat(Cogent.run("evaluate", recipe, "--set", "evaluate.endpoints.student.url=null")
                        .err())
                .contains("evaluate.endpoints.student.url is not set");
        assertThat(Cogent.run("evaluate", recipe, "--set", "evaluate.endpoints.student.budget_calls=3")
                        .err())
                .contains("set teacher.budget_calls");
        assertThat(Cogent.run("evaluate", recipe, "--set", "evaluate.endpoints.student.urll=x")
                        .err())
                .contains("unknown key");
        assertThat(Cogent.run("evaluate", recipe, "--set", "evaluate.benchmarks=[]")
                        .err())
                .contains("evaluate.benchmarks is empty");
        assertThat(calls).hasValue(0);
        Ran spent = Cogent.run("evaluate", recipe, "--set", "teacher.budget_calls=3");
        assertThat(spent.code()).isNotZero();
        assertThat(spent.err()).contains("budget");
        assertThat(calls).hasValue(3);
    }
}
