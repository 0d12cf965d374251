package cogent.curate.agent;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.curate.clean.HeldOut;
import cogent.curate.prompt.AgentTask;
import cogent.curate.prompt.Prompt;
import cogent.curate.run.AuthorRun;
import cogent.curate.run.Authored;
import cogent.data.Problem;
import cogent.data.Rationale;
import cogent.llm.ChatException;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatReply.Finish;
import cogent.llm.ChatReply.Usage;
import cogent.llm.meter.Budget;
import cogent.llm.run.ChatModels;
import cogent.llm.store.RunDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AuthorTest {
    private static final Problem SUM = new Problem("sum", "What is 6 + 7?", "13");
    private static final String RIGHT = "6 + 7 = 13.\n\n\\boxed{13}";
    private static final String WRONG = "6 + 7 = 19.\n\n\\boxed{19}";

    private final Scripted chat = new Scripted();

    private Author author(ChatModel model) {
        return new Author(new Agent("author", model, 4, Agent.MAX_CHARACTERS), Prompt.builtIn(AgentTask.SOLVE), "0.5B");
    }

    private static ChatReply thinking(String thought, String text) {
        return new ChatReply("scripted", text, thought, Finish.STOP, Usage.NONE);
    }

    @Test
    void the_first_solution_that_reaches_the_answer_is_the_rationale_and_no_further_one_is_paid_for() {
        chat.truncated("author", RIGHT).on("author", WRONG, RIGHT, "another, never asked for");
        AgentResult<Rationale> result = author(chat).write(SUM);
        assertThat(result.value()).isEqualTo(new Rationale(RIGHT, "13"));
        assertThat(chat.requests).extracting(request -> request.sample()).containsExactly(0, 1, 2);
        assertThat(chat.message("author", 0))
                .contains("0.5B parameters", "What is 6 + 7?")
                .doesNotContain("13");
        assertThat(chat.message("author", 2)).isEqualTo(chat.message("author", 0));
    }

    @Test
    void what_a_reasoning_model_thinks_before_it_is_no_part_of_the_rationale() {
        chat.on("author", _ -> thinking("Six and seven … \\boxed{13}", ""))
                .on("author", _ -> thinking("Six and seven … thirteen.", RIGHT));
        AgentResult<Rationale> result = author(chat).write(SUM);
        assertThat(result.value()).isEqualTo(new Rationale(RIGHT, "13"));
        assertThat(result.failedAttempts())
                .extracting(FailedAttempt::reason)
                .containsExactly("is all thinking (reasoning_content), with no answer after it");
    }

    @Test
    void a_form_that_was_missed_is_said_and_an_answer_that_was_missed_is_not() {
        chat.on("author", "No box.", WRONG, RIGHT);
        assertThat(author(chat).write(SUM).value()).isNotNull();
        assertThat(chat.message("author", 1)).contains("does not end with its final answer");
        assertThat(chat.message("author", 2)).doesNotContain("another answer").isEqualTo(chat.message("author", 0));
    }

    @Test
    void a_refusal_by_the_endpoint_or_in_words_is_no_rationale() {
        chat.on("author", "I cannot help with that.").on("author", _ -> {
            throw new ChatException(ChatException.Kind.REQUEST, "400: content policy");
        });
        AgentResult<Rationale> result = author(chat).write(SUM);
        assertThat(result.value()).isNull();
        assertThat(result.failedAttempts())
                .extracting(FailedAttempt::reason)
                .containsExactly(
                        "does not end with its final answer in \\boxed{}", "request refused: 400: content policy");
        assertThat(chat.requests).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[{\"input\": \"1 2\",\n \"output\": \"3\"}]", "def f(x):\n    return x + 1", "LONG"})
    void an_answer_that_no_rule_can_check_costs_no_call(String answer) {
        chat.on("author", RIGHT);
        Problem program = new Problem("lcb", "Write a program.", answer.equals("LONG") ? "1 2 3 ".repeat(100) : answer);
        AgentResult<Rationale> result = author(chat).write(program);
        assertThat(result.value()).isNull();
        assertThat(result.failure()).startsWith("the reference answer is no final answer that the rule can check");
        assertThat(chat.requests).isEmpty();
        Problem matrix = new Problem("m", "?", "\\begin{pmatrix}\n13\n\\end{pmatrix}");
        author(chat).write(matrix);
        assertThat(chat.requests).isNotEmpty();
    }

    @Test
    void none_that_reaches_the_answer_is_refused_with_what_came_instead() {
        chat.truncated("author", RIGHT).on("author", WRONG, "I cannot say.", "");
        List<Authored> authored = new ArrayList<>();
        AuthorRun.Summary summary = run(chat, Stream.of(SUM), authored);
        assertThat(authored)
                .extracting(Authored::refused)
                .containsExactly("no usable solution by the author: 1 × cut off by the token limit, 1 × reaches another"
                        + " answer, 1 × does not end with its final answer in \\boxed{}, 1 × is empty");
        assertThat(summary.refused()).isEqualTo(Map.of("no usable solution by the author; the last is empty", 1L));
        assertThat(summary.missed())
                .isEqualTo(Map.of(
                        FailedAttempt.Kind.TRUNCATED,
                        1L,
                        FailedAttempt.Kind.UNFIT,
                        1L,
                        FailedAttempt.Kind.UNREADABLE,
                        2L));
    }

    @Test
    void results_keep_the_order_of_the_problems_whatever_fails_in_between() {
        ChatModel model = request -> {
            String text = request.messages().getFirst().content();
            if (text.contains("fails")) {
                throw new ChatException(ChatException.Kind.TRANSIENT, "503");
            }
            return Scripted.reply(RIGHT, Finish.STOP);
        };
        List<Authored> authored = new ArrayList<>();
        AuthorRun.Summary summary = run(
                model,
                Stream.iterate(0, i -> i + 1)
                        .limit(40)
                        .map(i -> new Problem("p" + i, i % 7 == 3 ? "fails " + i : "works " + i, "13")),
                authored);
        assertThat(authored)
                .extracting(Authored::id)
                .containsExactlyElementsOf(Stream.iterate(0, i -> i + 1)
                        .limit(40)
                        .map(i -> "p" + i)
                        .toList());
        assertThat(authored.get(3).refused()).isEqualTo("no answer: 503");
        assertThat(summary.unanswered()).isEqualTo(6);
        assertThat(summary.written()).isEqualTo(34);
    }

    @Test
    void a_problem_that_a_filter_leaves_out_is_not_paid_for() {
        chat.on("author", RIGHT);
        List<Authored> authored = new ArrayList<>();
        new AuthorRun(author(chat), List.of(new HeldOut(0.9999)), 2, () -> false)
                .run(List.of(SUM).iterator(), authored::add);
        assertThat(authored).containsExactly(Authored.refused("sum", "held out"));
        assertThat(chat.requests).isEmpty();
    }

    @Test
    void a_second_run_pays_nothing_twice(@TempDir Path folder) {
        chat.on("author", WRONG, RIGHT);
        List<Authored> first = new ArrayList<>();
        List<Authored> second = new ArrayList<>();
        try (RunDatabase database = RunDatabase.open(folder)) {
            for (List<Authored> authored : List.of(first, second)) {
                try (ChatModels board = new ChatModels(database, Budget.UNLIMITED)) {
                    run(board.connect(chat, "scripted"), Stream.of(SUM), authored);
                }
            }
        }
        assertThat(second).isEqualTo(first).extracting(Authored::rationale).containsExactly(new Rationale(RIGHT, "13"));
        assertThat(chat.requests).hasSize(2);
    }

    private AuthorRun.Summary run(ChatModel model, Stream<Problem> problems, List<Authored> authored) {
        return new AuthorRun(author(model), List.of(), 3, () -> false)
                .run(problems.iterator(), authored::add)
                .orElseThrow();
    }
}
