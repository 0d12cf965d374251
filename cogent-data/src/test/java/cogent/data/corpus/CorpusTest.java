package cogent.data.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.Draft;
import cogent.data.InputException;
import cogent.data.Problem;
import cogent.data.Rationale;
import cogent.data.Reasoning;
import cogent.data.Sample;
import cogent.data.file.DuckRows;
import cogent.data.file.RefusedRow;
import cogent.data.file.Row;
import cogent.data.file.RowFile;
import cogent.data.file.SeenIds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorpusTest {
    private static final String GOOD = "{\"id\":\"%s\",\"problem\":\"p\",\"rationale\":\"r\",\"answer\":\"1\"}";

    private static final String NO_ANSWER =
            "no answer: expected one of answer, final_answer, expected_answer, reference_answer, ground_truth, or \\boxed{…}"
                    + " in the rationale; the row has problem, solution. Another name goes into corpus.fields, or fields of a benchmark";

    @TempDir
    Path folder;

    private final List<RefusedRow> refused = new ArrayList<>();

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private List<Sample> read(Path file) {
        return read(new Corpus(file, Fields.RECOGNISED, 1));
    }

    private List<Sample> read(Corpus corpus) {
        try (Stream<Sample> samples = corpus.samples(refused::add)) {
            return samples.toList();
        }
    }

    private Sample one(String json) throws IOException {
        return read(file("one.jsonl", json)).getFirst();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"problem\":\"2+2?\",\"rationale\":\"It is 4.\",\"answer\":\"4\"}",
                "{\"question\":\"2+2?\",\"solution\":\"It is 4.\",\"final_answer\":4}",
                "{\"prompt\":\"2+2?\",\"output\":\"It is 4.\",\"answer\":4.0}",
                "{\"instruction\":\"2+2?\",\"response\":\"It is 4.\",\"answer\":[\"4\"]}",
                "{\"question\":\"2+2?\",\"reasoning\":\"It is 4.\",\"solution\":\"4\",\"answer\":\"\\\\boxed{4}\"}",
                "{\"question\":\"2+2?\",\"answer\":\"It is 4.\\n#### 4\"}",
                "{\"problem\":\"2+2?\",\"generation\":\"<think>\\nIt is 4.\\n</think>\\n\\\\boxed{4}\"}",
                "{\"problem\":\"2+2?\",\"generation\":\"It is 4.\\n</think>\\nThe answer is 4.\"}",
                "{\"problem\":\"2+2?\",\"output\":\"<|begin_of_thought|>\\n\\nIt is 4.\\n\\n<|end_of_thought|>\\n\\n"
                        + "<|begin_of_solution|>\\n\\nSo $\\\\boxed{4}$.\\n\\n<|end_of_solution|>\"}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"2+2?\"},{\"role\":\"assistant\","
                        + "\"content\":[{\"type\":\"text\",\"text\":\"<think>It is 4.</think>\\\\boxed{4}\"}]}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"2+2?\"},{\"role\":\"assistant\","
                        + "\"reasoning_content\":\"It is 4.\",\"content\":\"\\\\boxed{4}\"}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"2+2?\"},{\"role\":\"assistant\","
                        + "\"thought\":\"It is 4.\",\"reasoning_content\":null,\"content\":\"\\\\boxed{4}\"}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"2+2?\"},{\"role\":\"assistant\",\"content\":"
                        + "[{\"type\":\"thinking\",\"thinking\":\"It is 4.\"},{\"type\":\"text\",\"text\":\"\\\\boxed{4}\"}]}]}",
                "{\"question\":\"2+2?\",\"reasoning_content\":\"It is 4.\",\"response\":\"So \\\\boxed{4}\"}",
                "{\"question\":\"2+2?\",\"reasoning\":\"on\",\"response\":\"<think>It is 4.</think>\\\\boxed{4}\"}",
                "{\"question\":\"2+2?\",\"generations\":[\"It is 4.\"],\"answer\":4}",
                "{\"question\":\"2+2?\",\"solution\":\"Sure! <think>\\nIt is 4.\\n</think>\\n\\\\boxed{4}\"}",
                "{\"instruction\":\"2+2?\",\"input\":\"\",\"output\":\"It is 4.\",\"answer\":\"4\"}",
                "{\"system\":\"Think.\",\"conversations\":[{\"from\":\"human\",\"value\":\"2+2?\"},"
                        + "{\"from\":\"gpt\",\"value\":\"<think>It is 4.</think>\\\\boxed{4}\"}]}",
                "{\"solution\":\"4\",\"question\":\"2+2?\",\"cot\":null,\"thinking_trajectories\":[\"It is 4.\"],"
                        + "\"attempt\":\"So $\\\\boxed{4}$.\"}",
                "{\"prompt\":[{\"role\":\"user\",\"content\":\"2+2?\"}],\"response\":\"It is 4.\","
                        + "\"reward_model\":{\"ground_truth\":\"[\\\"4\\\"]\",\"style\":\"rule\"}}",
                "{\"input\":[{\"role\":\"user\",\"content\":\"2+2?\"}],\"output\":\"<think>It is 4.</think>\\\\boxed{4}\"}",
                "{\"conversation\":[{\"role\":\"user\",\"content\":\"2+2?\"},{\"role\":\"assistant\","
                        + "\"content\":\"It is 4.\"}],\"answer\":4}",
                "{\"question\":\"2+2?\",\"reference_answer\":\"4\",\"model_answer\":\"So \\\\boxed{4}\",\"reasoning\":\"It is 4.\"}",
                "{\"problem\":\"2+2?\",\"generations\":[\"It is 4.\"],\"solution\":\"Clearly \\\\boxed{4}\",\"answer\":4}",
                "{\"instruction\":\"\",\"input\":\"2+2?\",\"output\":\"It is 4.\",\"ground_truth\":4}",
                "{\"problem\":\"2+2?\",\"llm_response\":\"It is 4.\",\"solution\":\"So $\\\\boxed{4}$.\"}",
                "{\"Question\":\"2+2?\",\"Complex_CoT\":\"It is 4.\",\"Response\":\"So $\\\\boxed{4}$.\"}"
            })
    void every_layout_in_common_use_gives_the_same_sample(String json) throws IOException {
        assertThat(one(json)).isEqualTo(new Sample(new Problem("one-1", "2+2?", "4"), new Rationale("It is 4.", "4")));
    }

    @Test
    void a_row_without_what_is_needed_is_told_with_what_it_has() throws IOException {
        read(file(
                "names.jsonl",
                GOOD.formatted("a") + "\n"
                        + "{\"Frage\":\"p\",\"Antwort\":1}\n"
                        + "{\"messages\":\"[]\"}\n"
                        + "{\"problem\":\"p\"}{\"problem\":\"q\"}\n"
                        + "[".repeat(600) + "\n"));
        assertThat(refused)
                .extracting(RefusedRow::reason)
                .containsExactly(
                        "no problem: expected one of problem, question, prompt, instruction, query, input or"
                                + " messages; the row has Frage, Antwort. Another name goes into corpus.fields, or fields of a benchmark",
                        "the field \"messages\" cannot be read: string, not a list of messages",
                        "not JSON: more than one value in a line at column 16",
                        "not JSON: Document nesting depth (501) exceeds the maximum allowed (500)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n | Git LFS",
                "PK\u0003\u0004 | ZIP archive",
                "ARROW1\0\0 | Arrow file",
                "<!DOCTYPE html><html></html> | web page",
            })
    void what_people_have_in_place_of_rows_is_told_by_its_name(String contentAndName) throws IOException {
        String[] parts = contentAndName.split(" \\| ", -1);
        for (String name : List.of("other.jsonl", "other.csv", "other.parquet")) {
            assertThatThrownBy(() -> read(file(name, parts[0])))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(parts[1]);
        }
    }

    @Test
    void what_no_sample_can_hold_is_refused_with_its_reason() throws IOException {
        String turns =
                "\"messages\":[{\"role\":\"user\",\"content\":\"p\"},{\"role\":\"assistant\",%s}],\"answer\":1}\n";
        read(file(
                "refused.jsonl",
                GOOD.formatted("a") + "\n"
                        + "{\"problem\":\"p\",\"generations\":[\"r 1\",\"r 2\"],\"answer\":1}\n"
                        + "{" + turns.formatted("\"content\":\"c\",\"weight\":0")
                        + "{" + turns.formatted("\"reasoning\":\"x\",\"content\":\"<think>y</think>z\"")
                        + "{\"problem\":\"p\",\"rationale\":\"\\\\boxed{2}\",\"answer\":{\"value\":1}}\n"
                        + "{\"problem\":\"p\",\"rationale\":\"Sure! <think>r\",\"answer\":1}\n"
                        + "{\"problem\":\"Sort.\",\"solution\":\"<think>The answer is 3 lines.</think>```python\\nx = 1\\n```\"}\n"
                        + "{\"problem\":\"Prove.\",\"solution\":\"The choice is free. Hence the claim. QED\"}\n"));
        assertThat(refused)
                .extracting(RefusedRow::reason)
                .containsExactly(
                        "2 rationales in the field \"generations\": give each a row of its own",
                        "weight 0: not to be trained on",
                        "thinking in two places, and not the same: leave one of them out",
                        "the field \"answer\" cannot be read: object",
                        "the reply is cut off: it never reaches </think>",
                        NO_ANSWER,
                        NO_ANSWER);
    }

    @Test
    void a_row_that_holds_a_problem_and_its_answer_alone_waits_for_an_author() throws IOException {
        Path file = file(
                "drafts.jsonl",
                "{\"prompt\":[{\"role\":\"user\",\"content\":\"2+2?\"}],\"reward_model\":{\"ground_truth\":\"4\"}}\n"
                        + "{\"messages\":[{\"role\":\"user\",\"content\":\"2+2?\"}],\"ground_truth\":\"4\"}\n"
                        + "{\"prompt\":\"2+2?\",\"solution\":\"4\"}\n"
                        + "{\"question\":\"2+2?\",\"response\":\"4\",\"answer\":4}\n");
        try (Stream<Draft> drafts = new Corpus(file, Fields.RECOGNISED, 0).drafts(refused::add)) {
            assertThat(drafts).hasSize(4).allSatisfy(draft -> {
                assertThat(draft.problem().text()).isEqualTo("2+2?");
                assertThat(draft.problem().answer()).isEqualTo("4");
                assertThat(draft.rationale()).isNull();
            });
        }
        assertThat(Problems.read(file, Fields.RECOGNISED))
                .extracting(Problem::answer)
                .containsOnly("4");
    }

    @Test
    void which_of_several_fields_is_the_rationale_is_asked_and_not_guessed() throws IOException {
        read(
                file(
                        "several.jsonl",
                        GOOD.formatted("a") + "\n"
                                + "{\"question\":\"p\",\"final_answer\":\"4\",\"r1_solution_1\":\"It is 4.\",\"r1_solution_2\":\"So it is 4.\"}\n"
                                + "{\"question\":\"p\",\"solution\":\"4\",\"deepseek_attempt\":\"It is 4.\",\"gemini_attempt\":\"So 4.\"}\n"
                                + "{\"question\":\"p\",\"solution\":\"It is \\\\boxed{4}\",\"deepseek_attempt\":\"It is 4.\"}\n"
                                + "{\"question\":\"p\",\"solution\":\"t\",\"thinking_trajectories\":[\"one\",\"two\"]}\n"
                                + "{\"question\":\"p\",\"solution\":\"t so 4\",\"generations\":[\"one\",\"two\"],\"answer\":\"4\"}\n"
                                + "{\"problem\":\"Prove.\",\"solution\":\"Clear.\",\"answer\":\"proof\"}\n"
                                + "{\"question\":\"p\",\"answer\":\"It is 4.\\n#### 4\",\"socratic_solution\":\"What is it?\"}\n"
                                + "{\"problem\":\"p\",\"generations\":[\"It is 4.\"],\"old_solution\":\"Another one.\",\"answer\":4}\n"
                                + "{\"problem\":\"p\",\"solution\":\"It is 4.\",\"old_solution\":\"Another one.\",\"answer\":4}\n"
                                + "{\"prompt\":[{\"role\":\"user\",\"content\":\"p\"}],\"reward_model\":{\"ground_truth\":\"{\\\"test_code\\\":\\\"x\\\"}\"}}\n"));
        assertThat(refused)
                .extracting(RefusedRow::reason)
                .containsExactly(
                        "which field is the rationale? corpus.fields.rationale names it: r1_solution_1 or r1_solution_2",
                        "which field is the rationale? corpus.fields.rationale names it: deepseek_attempt or gemini_attempt",
                        "which field is the rationale? corpus.fields.rationale names it: deepseek_attempt",
                        "2 rationales in the field \"thinking_trajectories\": give each a row of its own",
                        "2 rationales in the field \"generations\": give each a row of its own",
                        "the answer is \"proof\": there is none to compare with",
                        "the field \"reward_model.ground_truth\" cannot be read: object");
        Path named = file(
                "named.jsonl",
                "{\"question\":\"p\",\"solution\":\"4\",\"deepseek_attempt\":\"It is 4.\",\"gemini_attempt\":\"So 4.\"}\n");
        assertThat(read(new Corpus(named, new Fields(null, "gemini_attempt", null, null), 0)))
                .containsExactly(new Sample(new Problem("named-1", "p", "4"), new Rationale("So 4.", "4")));
    }

    @Test
    void an_answer_of_sentences_is_the_rationale_and_states_the_answer_or_there_is_none() throws IOException {
        String prose = "There are 2 and 2 apples.\nTherefore, the answer is 4.";
        String row = "{\"question\":\"2+2?\",\"answer\":\"" + prose.replace("\n", "\\n") + "\"}\n";
        Sample sample = new Sample(new Problem("orca-1", "2+2?", "4"), new Rationale(prose, "4"));
        Path orca = file(
                "orca.jsonl",
                row
                        + "{\"question\":\"2+2?\",\"answer\":\"If two apples lie beside two others, there are 4 of them.\"}\n"
                        + "{\"question\":\"2+2?\",\"answer\":\"4 (apples, or U.S. apples)\"}\n");
        assertThat(read(orca)).containsExactly(sample);
        assertThat(refused.getFirst().reason())
                .isEqualTo("no answer: the field that should hold it replies in sentences, and none says"
                        + " \"the answer is …\" or \\boxed{…}");
        assertThat(refused.getLast().reason()).startsWith("no rationale:");
        assertThat(read(new Corpus(file("orca.jsonl", row), new Fields(null, "answer", null, null), 0)))
                .containsExactly(sample);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"options\":[\"A)21\",\"B)4\"]",
                "\"choices\":{\"text\":[\"21\",\"4\"],\"label\":[\"A\",\"B\"]}",
                "\"options\":{\"A\":\"21\",\"B\":\"4\"}",
                "\"choices\":[21,4]"
            })
    void options_that_stand_beside_a_question_alone_refuse_it(String options) throws IOException {
        String row = "{\"question\":\"2+2?%s\",\"rationale\":\"It is B.\",\"answer\":\"B\"," + options + "}\n";
        Path file = file("choice.jsonl", row.formatted("") + row.formatted(" (A) 21 (B) 4"));
        assertThat(read(file)).extracting(s -> s.problem().text()).containsExactly("2+2? (A) 21 (B) 4");
        assertThat(refused)
                .singleElement()
                .extracting(RefusedRow::reason)
                .asString()
                .endsWith(
                        "is part of what is asked: write the options into the problem, or name corpus.fields.problem to"
                                + " do without them");
        assertThat(read(new Corpus(file, new Fields("question", null, null, null), 0)))
                .hasSize(2);
    }

    @Test
    void a_body_stands_before_its_question() throws IOException {
        assertThat(
                        one("{\"ID\":\"c\",\"Body\":\"Two are here.\",\"Question\":\"And two more?\",\"Answer\":\"4\",\"rationale\":\"It is 4.\"}")
                                .problem())
                .isEqualTo(new Problem("c", "Two are here. And two more?", "4"));
    }

    @Test
    void alpacas_input_is_part_of_the_problem() throws IOException {
        assertThat(one("{\"instruction\":\"Add.\",\"input\":\"2 and 3\",\"output\":\"so \\\\boxed{5}\"}")
                        .problem()
                        .text())
                .isEqualTo("Add.\n\n2 and 3");
    }

    @Test
    void a_field_that_no_sample_holds_is_named_once() throws IOException {
        assertThat(
                        unused(
                                "{\"system\":\"s\",\"problem\":\"p\",\"input\":\"i\",\"generation\":\"r\",\"solution\":\"t\",\"answer\":\"1\",\"source\":\"\"}"))
                .containsExactly("system", "input", "solution");
        assertThat(unused(
                        "{\"question\":\"p\",\"prompt\":\"q\",\"thinking\":\"r\",\"completions\":[\"s\"],\"answer\":1,"
                                + "\"final_answer\":2,\"weight\":0.5,\"tools\":[{}],\"reasoning\":\"high\"}"))
                .containsExactly("prompt", "final_answer", "weight", "tools", "reasoning");
        assertThat(unused("{\"prompt\":\"other\",\"weight\":1,\"messages\":[{\"role\":\"system\",\"content\":\"s\"},"
                        + "{\"role\":\"user\",\"content\":\"p\",\"name\":\"n\"},"
                        + "{\"role\":\"assistant\",\"thought\":\"t\",\"content\":\"r\",\"refusal\":\"x\",\"audio\":null}],"
                        + "\"conversations\":[{\"from\":\"human\",\"value\":\"other\"}],\"answer\":1}"))
                .containsExactly("prompt", "conversations", "messages.system", "messages.name", "messages.refusal");
        assertThat(unused("{\"id\":7,\"instruction\":\"p\",\"input\":\"i\",\"output\":\"r\",\"answer\":1}"))
                .isEmpty();
    }

    private List<String> unused(String row) throws IOException {
        List<String> unused = new ArrayList<>();
        String twice = row + "\n" + row.replace("\"id\":7", "\"id\":8") + "\n";
        try (Stream<Sample> samples = Corpus.of(file("u.jsonl", twice)).samples(refused::add, unused::add)) {
            assertThat(samples).hasSize(2);
        }
        return unused;
    }

    @Test
    void a_field_that_is_named_goes_before_a_conversation() throws IOException {
        Path file = file(
                "named.jsonl",
                "{\"r1\":\"mine \\\\boxed{4}\",\"messages\":[{\"role\":\"user\",\"content\":\"p\"},"
                        + "{\"role\":\"assistant\",\"content\":\"theirs \\\\boxed{5}\"}]}\n");
        try (Stream<Sample> samples = new Corpus(file, new Fields(null, "r1", null, null), 0).samples(refused::add)) {
            assertThat(samples.map(sample -> sample.rationale().text())).containsExactly("mine \\boxed{4}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"reasoning\":\"It is 4.\",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"It is\\n4.\"},"
                        + "{\"type\":\"reasoning.encrypted\",\"data\":\"x\"}],\"content\":\"\\\\boxed{4}\"",
                "\"thinking_blocks\":[{\"type\":\"thinking\",\"thinking\":\"It is 4.\",\"signature\":\"x\"}],\"content\":\"\\\\boxed{4}\"",
                "\"cot\":\"It is 4.\",\"content\":\"<think>\\n\\n</think>\\n\\n\\\\boxed{4}\"",
                "\"content\":[{\"text\":\"It is 4.\",\"thought\":true},{\"text\":\"\\\\boxed{4}\"}]",
                "\"content\":\"<Thinking>\\nIt is 4.\\n</Thinking>\\n\\\\boxed{4}\"",
                "\"content\":\"<thought>It is 4.</thought>\\\\boxed{4}\"",
                "\"content\":\"[THINK]It is 4.[/THINK]\\\\boxed{4}\"",
            })
    void thinking_is_the_rationale_under_any_name(String reply) throws IOException {
        assertThat(one("{\"messages\":[{\"role\":\"user\",\"content\":\"2+2?\"},{\"role\":\"assistant\"," + reply
                                + "}]}")
                        .rationale())
                .isEqualTo(new Rationale("It is 4.", "4"));
    }

    @Test
    void what_would_vanish_from_a_row_refuses_it() throws IOException {
        String turns =
                "{\"messages\":[{\"role\":\"user\",\"content\":\"p\"},{\"role\":\"assistant\",%s}],\"answer\":1}\n";
        read(file(
                "vanish.jsonl",
                GOOD.formatted("a") + "\n"
                        + turns.formatted("\"reasoning\":\"one\",\"reasoning_content\":\"other\",\"content\":\"c\"")
                        + turns.formatted(
                                "\"reasoning\":\"one\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"other\"},{\"text\":\"c\"}]")
                        + turns.formatted(
                                "\"reasoning_details\":[{\"type\":\"reasoning.encrypted\",\"data\":\"x\"}],\"content\":\"c\"")
                        + turns.formatted("\"content\":\"c\",\"weight\":\"0.0\"")
                        + turns.formatted("\"content\":\"c\",\"loss\":false")
                        + turns.formatted("\"content\":\"c\",\"tool_calls\":[{\"id\":1}]")
                        + turns.formatted("\"text\":\"c\"")
                        + "{\"problem\":\"p\",\"completions\":[{\"text\":\"r\"}],\"answer\":1}\n"
                        + "{\"instruction\":\"p\",\"input\":{\"x\":2},\"output\":\"r\",\"answer\":1}\n"
                        + "{\"system\":{\"x\":2},"
                        + turns.formatted("\"content\":\"c\"").substring(1)));
        assertThat(refused)
                .extracting(RefusedRow::reason)
                .containsExactly(
                        "thinking in two places, and not the same: leave one of them out",
                        "thinking in two places, and not the same: leave one of them out",
                        "its thinking is encrypted",
                        "weight 0.0: not to be trained on",
                        "loss false: not to be trained on",
                        "the reply calls tools",
                        "a message without content",
                        "the field \"completions\" cannot be read: array",
                        "the field \"input\" cannot be read: object",
                        "the field \"system\" cannot be read: object");
    }

    @Test
    void hashes_part_the_answer_off_only_as_the_last_line() throws IOException {
        String solution = "#### Step 1\\nAdd.\\n#### Step 2\\nIt is 4.";
        assertThat(one("{\"problem\":\"p\",\"solution\":\"" + solution + "\",\"answer\":\"4\"}")
                        .rationale()
                        .text())
                .isEqualTo("#### Step 1\nAdd.\n#### Step 2\nIt is 4.");
    }

    @Test
    void a_reply_of_nothing_but_tags_takes_no_time() {
        String tags = "</think>".repeat(200_000);
        assertThat(Reasoning.of("r" + tags).thought()).isEqualTo("r");
        assertThat(Reasoning.of("<think>r</think>".repeat(100_000)).thought()).hasSizeGreaterThan(100_000);
    }

    @Test
    void thinking_in_several_blocks_is_one_thought() throws IOException {
        assertThat(one("{\"problem\":\"p\",\"solution\":\"<think>a</think>Hm.<think>b</think>\\\\boxed{4}\"}")
                        .rationale())
                .isEqualTo(new Rationale("a\n\nb", "4"));
    }

    @Test
    void the_recipe_may_name_the_fields() throws IOException {
        Path file =
                file("named.jsonl", "{\"key\":7,\"q\":\"p\",\"r\":\"so \\\\boxed{3}\",\"a\":3,\"problem\":\"other\"}");
        assertThat(read(new Corpus(file, new Fields("q", "r", "a", "key"), 0)))
                .containsExactly(new Sample(new Problem("7", "p", "3"), new Rationale("so \\boxed{3}", "3")));
    }

    @Test
    void the_conclusion_is_the_rationales_own_even_when_it_is_wrong() throws IOException {
        assertThat(one("{\"problem\":\"p\",\"rationale\":\"so \\\\boxed{5}\",\"answer\":\"4\"}")
                        .rationale()
                        .conclusion())
                .isEqualTo("5");
        assertThat(one("{\"problem\":\"p\",\"rationale\":\"She pays 7 dollars.\",\"answer\":\"4\"}")
                        .rationale()
                        .conclusion())
                .isEmpty();
    }

    @Test
    void the_conclusion_of_a_thought_stands_in_its_solution() throws IOException {
        Sample sample = one("{\"problem\":\"p\",\"generation\":\"<think>maybe \\\\boxed{1}</think>"
                + "no: \\\\boxed{2}\",\"answer\":\"2\"}");
        assertThat(sample.rationale()).isEqualTo(new Rationale("maybe \\boxed{1}", "2"));
    }

    @Test
    void calculator_annotations_stay_and_the_answer_mark_goes() throws IOException {
        Sample sample = one("{\"question\":\"p\",\"answer\":\"16-3=<<16-3=13>>13 eggs\\n#### 1,013\"}");
        assertThat(sample.rationale()).isEqualTo(new Rationale("16-3=<<16-3=13>>13 eggs", "1,013"));
        assertThat(sample.problem().answer()).isEqualTo("1,013");
    }

    @Test
    void a_bad_line_is_refused_with_its_place_and_reason_and_the_rest_is_read() throws IOException {
        Path file = file(
                "mine.jsonl",
                String.join(
                        "\n",
                        GOOD.formatted("a"),
                        "",
                        "{\"problem\": \"cut of",
                        "[1]",
                        "{\"problem\":\"p\",\"rationale\":\"r\"}",
                        "{\"problem\":\"p\",\"answer\":\"1\"}",
                        "{\"rationale\":\"r\",\"answer\":\"1\"}",
                        GOOD.formatted("a"),
                        "{\"problem\":\"p\",\"rationale\":\"<think>and then\",\"answer\":\"1\"}",
                        "{\"problem\":\"p\",\"rationale\":\"\\ud83d\",\"answer\":\"1\"}",
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"p\"}],\"answer\":\"1\"}",
                        "{\"problem\":\"p\",\"problem\":\"q\",\"rationale\":\"r\",\"answer\":\"1\"}",
                        GOOD.formatted("b")));
        assertThat(read(file)).extracting(Sample::id).containsExactly("a", "b");
        assertThat(refused).extracting(RefusedRow::line).containsExactly(3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
        assertThat(refused.getFirst().describe())
                .startsWith("line 3 not JSON: ")
                .contains(" at column ");
        assertThat(refused)
                .extracting(RefusedRow::reason)
                .contains(
                        NO_ANSWER.replace("solution", "rationale"),
                        "no problem: expected one of problem, question, prompt, instruction, query, input or messages;"
                                + " the row has rationale, answer. Another name goes into corpus.fields, or fields of a"
                                + " benchmark",
                        "duplicate id \"a\" (first on line 1)",
                        "the reply is cut off: it never reaches </think>",
                        "broken text: half of a surrogate pair (\\ud83d)",
                        "no rationale: expected one of rationale, reasoning, generation, response, completion, output, solution;"
                                + " in a recipe, curate.author.samples has the teacher write missing ones; the row has"
                                + " messages, answer. Another name goes into corpus.fields, or fields of a benchmark");
    }

    @Test
    void a_file_of_mostly_bad_rows_stops_the_run() throws IOException {
        Path file = file("bad.jsonl", (GOOD.formatted("a") + "\nx\ny\nz\n"));
        assertThatThrownBy(() -> read(Corpus.of(file)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("3 of the first 4 rows refused")
                .hasMessageContaining("line 2 not JSON");
    }

    @Test
    void a_wrong_file_of_many_rows_fails_early() throws IOException {
        Path file = file("many.jsonl", "x\n".repeat(50_000));
        assertThatThrownBy(() -> read(Corpus.of(file))).hasMessageContaining("1000 of the first 1000");
    }

    @Test
    void one_bad_row_does_not_condemn_a_short_file() throws IOException {
        assertThat(read(Corpus.of(file("short.jsonl", GOOD.formatted("a") + "\nx"))))
                .hasSize(1);
    }

    @Test
    void files_that_cannot_be_read_are_told_in_words() throws IOException {
        assertThatThrownBy(() -> read(folder.resolve("none.jsonl"))).hasMessageContaining("no such file");
        assertThatThrownBy(() -> read(folder)).hasMessageContaining("is a folder");
        assertThatThrownBy(() -> read(file("empty.jsonl", " \n"))).hasMessageContaining("is empty");
        assertThatThrownBy(() -> read(file("bad.parquet", "PAR1 and no more")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("not a readable Parquet file");
        Path utf16 = Files.write(folder.resolve("u.jsonl"), GOOD.getBytes(StandardCharsets.UTF_16));
        assertThatThrownBy(() -> read(utf16)).hasMessageContaining("UTF-16");
        assertThatThrownBy(() -> read(file("cut.json", "[{\"problem\":"))).hasMessageContaining("not JSON");
    }

    @ParameterizedTest
    @ValueSource(strings = {"28b52ffd2400", "425a6839314159", "fd377a585a0000"})
    void packed_files_other_than_gzip_are_told_as_such(String head) throws IOException {
        Path file = Files.write(folder.resolve("rows.jsonl.zst"), HexFormat.of().parseHex(head));
        assertThatThrownBy(() -> read(file)).hasMessageContaining("unpack it, or pack it with gzip");
    }

    @Test
    void names_that_begin_with_a_capital_are_recognised() throws IOException {
        Sample sample = read(file("aime.jsonl", """
                {"ID": "2024-I-1", "Problem": "What is 2 + 2?", "Solution": "2 + 2 = 4.", "Answer": 4}
                """)).getFirst();
        assertThat(sample.problem()).isEqualTo(new Problem("2024-I-1", "What is 2 + 2?", "4"));
        assertThat(sample.rationale().text()).isEqualTo("2 + 2 = 4.");
    }

    @Test
    void a_gzip_file_cut_off_is_told_as_such() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            text.append(GOOD.formatted("id" + i * 7919L % 10007)).append('\n');
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.toString().getBytes(StandardCharsets.UTF_8));
        }
        assertThat(read(Files.write(folder.resolve("whole.jsonl.gz"), bytes.toByteArray())))
                .hasSize(2000);
        Path cut = Files.write(folder.resolve("cut.jsonl.gz"), Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2));
        assertThatThrownBy(() -> read(cut)).isInstanceOf(InputException.class).hasMessageContaining("cut off");
    }

    @Test
    void a_byte_order_mark_and_bad_bytes_do_no_harm() throws IOException {
        byte[] bad =
                ("\uFEFF" + GOOD.formatted("a") + "\n" + GOOD.formatted("X") + "\n").getBytes(StandardCharsets.UTF_8);
        bad[bad.length - 5] = (byte) 0xff;
        assertThat(read(Files.write(folder.resolve("bom.jsonl"), bad))).hasSize(1);
        assertThat(refused.getFirst().reason()).startsWith("not UTF-8 at byte ");
    }

    @Test
    void a_line_beyond_all_measure_is_skipped_without_being_held() throws IOException {
        Path file = folder.resolve("huge.jsonl");
        byte[] megabyte = new byte[1 << 20];
        Arrays.fill(megabyte, (byte) 'x');
        try (var out = Files.newOutputStream(file)) {
            for (int i = 0; i < 65; i++) {
                out.write(megabyte);
            }
            out.write(("\n" + GOOD.formatted("a")).getBytes(StandardCharsets.UTF_8));
        }
        assertThat(read(file)).hasSize(1);
        assertThat(refused).containsExactly(new RefusedRow(file.toString(), 1, "longer than 64 MiB"));
    }

    @Test
    void a_json_array_reads_like_json_lines() throws IOException {
        assertThat(read(file("a.json", "[\n" + GOOD.formatted("a") + ",\n3,\n" + GOOD.formatted("b") + "]")))
                .extracting(Sample::id)
                .containsExactly("a", "b");
        assertThat(refused)
                .containsExactly(new RefusedRow(
                        folder.resolve("a.json").toString(), 2, "not a JSON object (line 3 of the file)"));
    }

    @Test
    void an_element_that_is_broken_stops_no_other() throws IOException {
        String twice = GOOD.formatted("c").replaceFirst("\\{", "{\"answer\": 1, ");
        String file = "[" + GOOD.formatted("a") + ",\n{\"score\": NaN},\n{\"in\": [{\"x\": -Infinity}]},\n" + twice
                + ",\n" + GOOD.formatted("b") + "]";
        assertThat(read(file("a.json", file))).extracting(Sample::id).containsExactly("a", "b");
        assertThat(refused)
                .extracting(RefusedRow::reason)
                .satisfiesExactly(
                        reason -> assertThat(reason).isEqualTo("NaN is no JSON number (line 2 of the file)"),
                        reason -> assertThat(reason).isEqualTo("-Infinity is no JSON number (line 3 of the file)"),
                        reason -> assertThat(reason).contains("answer").contains("line 4 of the file"));
    }

    @Test
    void the_rows_of_an_array_in_one_line_are_told_apart() throws IOException {
        String row = "{\"problem\":\"p\",\"rationale\":\"r 5\",\"answer\":5}";
        assertThat(read(file("one.json", "[" + row + "," + row + ", " + row + "]")))
                .extracting(Sample::id)
                .containsExactly("one-1", "one-2", "one-3");
        assertThat(refused).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[%s]\n[%s]", "[%s] %s", "[%s],"})
    void what_follows_an_array_does_not_vanish(String form) {
        assertThatThrownBy(() -> read(file("a.json", form.formatted(GOOD.formatted("a"), GOOD.formatted("b")))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a.json: line");
    }

    @Test
    void headers_of_spreadsheets_are_read_as_they_are_meant() throws IOException {
        Sample sample = new Sample(new Problem("x", "p", "5"), new Rationale("r 5", "5"));
        assertThat(read(file("A.CSV", "id, problem ,rationale,answer,,\nx,p,r 5,5,,\n,,,,,\n")))
                .containsExactly(sample);
        assertThat(read(file("b.csv", "\ufeffsep=;\r\nid;problem;rationale;answer\r\nx;p;r 5;5\r\n;;;\r\n")))
                .containsExactly(sample);
        assertThat(read(file("c.csv", "id;name, given;problem;rationale;answer\nx;a,b;p;r 5;5\n")))
                .containsExactly(sample);
        assertThat(refused).isEmpty();
    }

    @Test
    void a_csv_in_the_code_page_of_windows_is_told_as_such() throws IOException {
        Path ansi = folder.resolve("ansi.csv");
        Files.write(ansi, "problem;answer\nÄpfel?;4\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> read(ansi))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith("ansi.csv: is not UTF-8; save it as CSV in UTF-8");
        assertThatThrownBy(() -> read(file("c.csv", "problem,answer\n\"say \\\"x\\\"\",4\n")))
                .hasMessageContaining("line 2 not CSV")
                .hasMessageEndingWith("written twice: \"\"");
    }

    @Test
    void an_object_over_several_lines_is_told_as_such() throws IOException {
        assertThatThrownBy(() -> read(file("one.json", "{\n  \"data\": [\n    {\"problem\": \"p\"}\n  ]\n}\n")))
                .hasMessageContaining(
                        "the first: line 1 not JSON: the object does not end in its line: rows are objects"
                                + " of one line each, or one array of objects");
    }

    @Test
    void a_folder_of_a_parquet_file_is_no_column_of_it() throws Exception {
        Path inside = Files.createDirectories(folder.resolve("answer=7")).resolve("a.parquet");
        try (var connection = DuckRows.open();
                var statement = connection.createStatement()) {
            statement.execute(
                    "COPY (SELECT 'p' AS problem, 'so \\boxed{5}' AS rationale) TO '" + inside + "' (FORMAT parquet)");
        }
        assertThat(read(inside)).extracting(s -> s.problem().answer()).containsExactly("5");
    }

    @Test
    void the_end_of_a_file_is_the_end_however_often_it_is_asked_for() throws IOException {
        for (Path file : List.of(
                file("a.json", "[" + GOOD.formatted("a") + "]"), file("a.csv", "problem,rationale,answer\np,r,1\n"))) {
            try (Stream<Sample> samples = Corpus.of(file).samples(refused::add)) {
                var iterator = samples.iterator();
                assertThat(iterator.next().problem().answer()).isEqualTo("1");
                assertThat(iterator.hasNext()).isFalse();
                assertThat(iterator.hasNext()).isFalse();
            }
        }
        try (Stream<Row> rows = RowFile.open(folder.resolve("a.json"))) {
            var spliterator = rows.spliterator();
            assertThat(spliterator.tryAdvance(_ -> {})).isTrue();
            assertThat(spliterator.tryAdvance(_ -> {})).isFalse();
            assertThat(spliterator.tryAdvance(_ -> {})).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\t"})
    void a_csv_keeps_its_texts_and_refuses_ragged_lines(String separator) throws IOException {
        Path file = file("a.csv", """
                id|t|problem|rationale|answer
                a|x|"2024-05-01 ""?""
                and on"|so 5|007
                b|y|two
                c|x|p|r|1|more

                d||p|r|NaN
                """.replace("|", separator));
        assertThat(read(file))
                .extracting(Sample::problem)
                .containsExactly(new Problem("a", "2024-05-01 \"?\"\nand on", "007"), new Problem("d", "p", "NaN"));
        assertThat(refused)
                .extracting(RefusedRow::describe)
                .containsExactly(
                        "line 2 3 values, where the header has 5 (line 4 of the file)",
                        "line 3 6 values, where the header has 5 (line 5 of the file)");
        assertThatThrownBy(() -> read(file("open.csv", "problem,answer\np,\"1\n")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("line 2 not CSV");
        assertThatThrownBy(() -> read(file("twice.csv", "a,a\n1,2\n"))).hasMessageContaining("two columns");
    }

    @Test
    void parquet_columns_may_have_any_name_and_any_number() throws Exception {
        Path file = folder.resolve("odd.parquet");
        try (var connection = DuckRows.open();
                var statement = connection.createStatement()) {
            statement.execute(
                    "COPY (SELECT 'p' AS problem, 'so 5' AS rationale, '5' AS answer, 'NaN'::DOUBLE AS score, "
                            + "'-infinity'::FLOAT AS low, {'problem': 'other'} AS t, 'x' AS \"T2\", DATE '2024-05-01' AS day, 'é' AS "
                            + "\"row\") TO '" + file + "' (FORMAT parquet)");
        }
        assertThat(read(file)).containsExactly(new Sample(new Problem("odd-1", "p", "5"), new Rationale("so 5", "5")));
        try (var connection = DuckRows.open();
                var statement = connection.createStatement()) {
            statement.execute("COPY (SELECT 'p' AS problem, 'so 5' AS rationale, 'NaN'::DOUBLE AS answer) TO '" + file
                    + "' (FORMAT parquet)");
        }
        assertThatThrownBy(() -> read(file)).hasMessageContaining("the field \"answer\" cannot be read");
    }

    @Test
    void parquet_reads_like_json_lines() throws Exception {
        Path file = folder.resolve("a [1].parquet");
        try (var connection = DuckRows.open();
                var statement = connection.createStatement()) {
            statement.execute("COPY (SELECT 'p' || i AS problem, i AS answer, "
                    + "[{'role':'user','content':'q' || i},{'role':'assistant','content':'so \\boxed{' || i || '}'}] "
                    + "AS messages FROM range(5000) t(i)) TO '" + file + "' (FORMAT parquet)");
        }
        List<Sample> samples = read(file);
        assertThat(samples).hasSize(5000);
        assertThat(samples.get(41))
                .isEqualTo(new Sample(new Problem("a [1]-42", "q41", "41"), new Rationale("so \\boxed{41}", "41")));
    }

    @Test
    void ids_stay_unique_among_many() {
        SeenIds ids = new SeenIds();
        for (long i = 1; i <= 100_000; i++) {
            assertThat(ids.first("id-" + i, i)).isZero();
        }
        assertThat(ids.first("id-77", 100_001)).isEqualTo(77);
    }
}
