package cogent.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.answer.Verdict;
import cogent.data.InputException;
import cogent.data.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class BenchmarkTest {
    static final List<String> BUILT_IN = BenchmarkFile.BUILT_IN;

    @TempDir
    Path folder;

    @ParameterizedTest
    @FieldSource("BUILT_IN")
    void every_built_in_benchmark_loads_under_its_name(String name) {
        Benchmark benchmark = BenchmarkFile.load(name);
        assertThat(benchmark.name()).isEqualTo(name);
        assertThat(benchmark.maxNewTokens()).isEqualTo(32_768);
    }

    @Test
    void a_copy_is_a_benchmark_of_the_users_own() throws IOException {
        Path file = folder.resolve("mine.yaml");
        Files.writeString(file, BenchmarkFile.builtIn("math500").replace("name: math500", "name: mine"));
        assertThat(BenchmarkFile.load(file.toString()).name()).isEqualTo("mine");
    }

    @Test
    void a_wrong_benchmark_file_is_told_in_words() throws IOException {
        Path file = Files.writeString(folder.resolve("b.yaml"), "name: b\nsample: 3\nprompt: '{problem}'\n");
        assertThatThrownBy(() -> BenchmarkFile.load(file.toString()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("b.yaml: unknown key \"sample\"");
        Files.writeString(file, "name: b\nprompt: '{problem}\n");
        assertThatThrownBy(() -> BenchmarkFile.load(file.toString())).hasMessageContaining("b.yaml:");
        Files.writeString(file, "name: b\nprompt: 'no place'\n");
        assertThatThrownBy(() -> BenchmarkFile.load(file.toString())).hasMessageContaining("has no {problem}");
        Files.writeString(file, "prompt: '{problem}'\n");
        assertThatThrownBy(() -> BenchmarkFile.load(file.toString())).hasMessageContaining("\"name\" is missing");
        assertThatThrownBy(() -> BenchmarkFile.load("gsm9k"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("gsm8k");
    }

    @Test
    void choices_are_shuffled_by_seed_and_id() throws IOException {
        StringBuilder csv =
                new StringBuilder("Question,Correct Answer,Incorrect Answer 1,Incorrect Answer 2,Incorrect Answer 3\n");
        for (int i = 0; i < 200; i++) {
            csv.append("q").append(i).append(",right,w1,w2,w3\n");
        }
        Path file = Files.writeString(folder.resolve("gpqa.csv"), csv);
        Benchmark gpqa = BenchmarkFile.load("gpqa-diamond");
        List<Question> questions = Question.read(gpqa, file);
        assertThat(questions).isEqualTo(Question.read(gpqa, file));
        for (Question question : questions) {
            assertThat(question.prompt()).contains(question.problem().answer() + ") right");
        }
        for (String letter : List.of("A", "B", "C", "D")) {
            long count = questions.stream()
                    .filter(q -> q.problem().answer().equals(letter))
                    .count();
            assertThat(count).isBetween(30L, 70L);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gsm8k         | 18   | 16-3=13, so 18 eggs. #### 18             | EQUAL     | true
            gsm8k         | 18   | That makes 18 dollars                     | EQUAL     | false
            gsm8k         | 18   | <think>18? \\boxed{18}                    | UNKNOWN   | false
            math500       | 1/2  | <think>2</think> \\boxed{0.5}             | EQUAL     | true
            math500       | 1/2  | So \\boxed{2}?</think> It is \\boxed{0.5} | EQUAL     | true
            math500       | 1/2  | So it is \\boxed{0.5}.</think>            | UNKNOWN   | false
            math500       | 1/2  | \\boxed{0.5} <think>or \\boxed{2}         | EQUAL     | true
            math500       | Yes  | Yes, because 7 has 2 divisors.            | EQUAL     | false
            math500       | No   | Yes, because 7 has 2 divisors.            | DIFFERENT | false
            math500       | odd  | It is odd, since 7 = 2 * 3 + 1.           | EQUAL     | false
            gsm8k         | 72   | The answer is 72.</s>                    | EQUAL     | true
            minerva       | 1.6  | \\boxed{1.61}                             | EQUAL     | true
            minerva       | 1.6  | \\boxed{1.63}                             | DIFFERENT | true
            gpqa-diamond  | B    | The answer is (B).                        | EQUAL     | true
            gpqa-diamond  | B    | \\boxed{C}                                | DIFFERENT | true
            gpqa-diamond  | B    | \\boxed{\\text{B) }5}                     | EQUAL     | true
            """)
    void replies_are_graded_by_the_benchmarks_rule(
            String name, String answer, String reply, Verdict.Kind kind, boolean stated) {
        Question question = new Question(new Problem("p", "q", answer), "q");
        Grade grade = Grade.of(BenchmarkFile.load(name), question, reply);
        assertThat(grade.verdict().kind()).as("%s", grade).isEqualTo(kind);
        assertThat(grade.stated()).isEqualTo(stated);
    }

    @Test
    void fields_of_the_data_that_neither_ask_nor_judge_are_named() throws IOException {
        Path file = Files.writeString(folder.resolve("u.jsonl"), """
                {"id": 1, "problem": "q", "answer": "1", "system": "Be brief."}
                {"id": 2, "problem": "q", "answer": "1", "level": 3, "system": "Be brief.", "topic": ""}
                """);
        assertThat(Question.unused(BenchmarkFile.load("math500"), file)).containsExactly("system", "level");
        Path choices = Files.writeString(
                folder.resolve("u.csv"),
                "Question,Correct Answer,Incorrect Answer 1,Incorrect Answer 2,Incorrect Answer 3,Subdomain\nq,a,b,c,d,x\n");
        assertThat(Question.unused(BenchmarkFile.load("gpqa-diamond"), choices)).containsExactly("Subdomain");
    }

    @Test
    void olympiad_answers_may_be_off_by_the_rows_own_error() throws IOException {
        Path file = Files.writeString(folder.resolve("o.jsonl"), """
                {"id": 1, "question": "q", "final_answer": ["4.2"], "unit": "%", "error": "1e-1"}
                {"id": 2, "question": "q", "final_answer": ["$2,3$"], "error": null}
                """);
        Benchmark olympiad = BenchmarkFile.load("olympiadbench");
        List<Question> questions = Question.read(olympiad, file);
        assertThat(Grade.of(olympiad, questions.get(0), "\\boxed{4.27\\%}")
                        .verdict()
                        .isEqual())
                .isTrue();
        assertThat(Grade.of(olympiad, questions.get(0), "\\boxed{4.4}")
                        .verdict()
                        .isEqual())
                .isFalse();
        assertThat(Grade.of(olympiad, questions.get(1), "\\boxed{3} and \\boxed{2}")
                        .verdict()
                        .isEqual())
                .isTrue();
        assertThat(Grade.of(olympiad, questions.get(1), "\\boxed{2}").verdict().isEqual())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2,5          | 0.1      |      | \\boxed{5.05, 2}        | true
            2,5          | 0.1,0.01 |      | \\boxed{5.05, 2}        | false
            2,5          | 0.1      |      | \\boxed{5.05}           | false
            (1, 2)       | 0.1      |      | \\boxed{(1.05, 2)}      | true
            (1, 2)       | 0.1      |      | \\boxed{(2, 1)}         | false
            (1, 2)       | 0.1      |      | \\boxed{[1, 2]}         | false
            [0, 1.5)     | 0.1      |      | \\boxed{[0, 1.45)}      | true
            12           |          | %    | \\boxed{0.12}           | true
            30           |          | km/h | \\boxed{30 \\text{ km/h}} | true
            30           |          | km   | \\boxed{30000 \\text{ m}} | true
            30           |          | km   | \\boxed{30 \\text{ m}}    | false
            3 \\pm 1     | 0.01     |      | \\boxed{2, 4.005}       | true
            """)
    void olympiads_rules_know_several_answers_units_intervals_and_an_error_for_each(
            String answer, String error, String unit, String reply, boolean right) throws IOException {
        Path file = Files.writeString(
                folder.resolve("o.jsonl"),
                "{\"id\":1,\"question\":\"q\",\"final_answer\":[\"%s\"],\"unit\":\"%s\",\"error\":\"%s\"}"
                        .formatted(answer.replace("\\", "\\\\"), unit == null ? "" : unit, error == null ? "" : error));
        Benchmark olympiad = BenchmarkFile.load("olympiadbench");
        Question question = Question.read(olympiad, file).getFirst();
        Grade grade = Grade.of(olympiad, question, reply.replace("\\\\", "\\"));
        assertThat(grade.verdict().isEqual()).as("%s", grade).isEqualTo(right);
    }

    @Test
    void programs_are_asked_for_by_the_problems_kind_and_only_of_the_window() throws IOException {
        String row =
                "{\"question_id\":\"%s\",\"question_title\":\"t\",\"question_content\":\"do it\",\"starter_code\":\"%s\","
                        + "\"contest_date\":\"%s\",\"public_test_cases\":\"[{\\\"input\\\":\\\"1\\\",\\\"output\\\":\\\"2\\\"}]\"}\n";
        Path file = Files.writeString(
                folder.resolve("lcb.jsonl"),
                row.formatted("a", "", "2023-06-01T00:00:00")
                        + row.formatted("b", "class Solution:", "2024-05-31T00:00:00")
                        + row.formatted("c", "", "2024-06-01T00:00:00"));
        Benchmark lcb = BenchmarkFile.load("livecodebench-v2");
        List<Question> questions = Question.read(lcb, file);
        assertThat(questions).extracting(Question::id).containsExactly("a", "b");
        assertThat(questions.get(0).prompt()).contains("do it", "standard input");
        assertThat(questions.get(1).prompt()).contains("class Solution:").doesNotContain("{");
        Files.writeString(file, row.formatted("c", "", "2030-06-01"));
        assertThatThrownBy(() -> Question.read(lcb, file)).hasMessageContaining("window");
        Files.writeString(file, row.formatted("c", "", "soon"));
        assertThatThrownBy(() -> Question.read(lcb, file)).hasMessageContaining("no date");
    }

    @Test
    void published_figures_have_a_source() throws IOException {
        assertThat(BenchmarkFile.load("math500").published())
                .allSatisfy(figure -> assertThat(figure.source()).isNotBlank())
                .isNotEmpty();
        Path file = Files.writeString(
                folder.resolve("p.yaml"), "- {benchmark: gsm8k, model: M, accuracy: 81.5, source: a paper}\n");
        assertThat(BenchmarkFile.published(file)).containsExactly(new Published("gsm8k", "M", 81.5, "a paper"));
        Files.writeString(file, "- {benchmark: gsm8k, model: M, accuracy: 810, source: a paper}\n");
        assertThatThrownBy(() -> BenchmarkFile.published(file)).hasMessageContaining("percentage");
        Files.writeString(file, "benchmark: gsm8k\n");
        assertThatThrownBy(() -> BenchmarkFile.published(file)).isInstanceOf(InputException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "just words | p.yaml:1: what stands here is laid out otherwise than is read here",
                "- {benchmark: gsm8k, model: M, accuracy: much} | p.yaml:1: the value of \"accuracy\" is of another kind than is read here",
            })
    void a_file_of_another_kind_is_told_without_insides(String yaml, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("p.yaml"), yaml);
        assertThatThrownBy(() -> BenchmarkFile.published(file))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith(message);
    }
}
