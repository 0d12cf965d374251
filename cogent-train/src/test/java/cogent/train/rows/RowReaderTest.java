package cogent.train.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.Gap;
import cogent.data.InputException;
import cogent.data.PreferencePair;
import cogent.data.SftRow;
import cogent.data.file.RefusedRow;
import cogent.train.objective.BetaRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class RowReaderTest {
    /** One token a character; a completion ends with token 1; '#' is no token at all. */
    private static final Encoding CHARACTERS = new Encoding() {
        @Override
        public int[] prompt(String prompt) {
            return prompt.chars().filter(c -> c != '#').toArray();
        }

        @Override
        public int[] prompt(List<Map<String, Object>> messages) {
            return prompt((String) messages.getLast().get("content"));
        }

        @Override
        public int[] completion(String completion) {
            return completion.chars().filter(c -> c != '#').toArray();
        }

        @Override
        public List<String> controlTokens(String text) {
            return text.contains("<end>") ? List.of("<end>") : List.of();
        }

        @Override
        public boolean thinksUnasked(String reply) {
            return reply.startsWith("<think>");
        }
    };

    @TempDir
    Path folder;

    private final List<RefusedRow> refused = new ArrayList<>();

    @Test
    void text_and_token_ids_may_be_mixed() {
        try (var rows = sft(
                LengthLimit.drop(50),
                "{\"id\":\"a\",\"prompt\":\"2+2\",\"completion\":\"4!\"}",
                "{\"prompt_ids\":[5,6],\"completion_ids\":[7]}")) {
            assertThat(rows).hasSize(2);
            assertThat(rows.get(0).id()).isEqualTo("a");
            assertThat(rows.get(0).prompt()).containsExactly('2', '+', '2');
            assertThat(rows.get(0).completion()).containsExactly('4', '!');
            assertThat(rows.get(1).id()).isEqualTo("line 2");
            assertThat(rows.get(1).completion()).containsExactly(7);
            assertThat(rows.tokens(0)).isEqualTo(5);
        }
        assertThat(refused).isEmpty();
    }

    @Test
    void rows_in_memory_are_read_as_those_of_files_are() {
        RowReader reader = new RowReader(CHARACTERS, 200, 64, LengthLimit.drop(50), folder);
        List<Map<String, Object>> pairs = List.of(
                Map.of("id", "a", "prompt", "p", "chosen", "good", "rejected", "bad", "beta", 0.5, "gap", "large"),
                Map.of("prompt", "p", "chosen", "same", "rejected", "same", "beta", 0.5));
        try (var rows = reader.pairs(pairs.stream(), new BetaRule.Own(), refused::add);
                var sft = reader.sft(
                        Stream.of(Map.of("prompt", "p", "completion_ids", new int[] {7, 8})), refused::add)) {
            assertThat(rows).hasSize(1);
            assertThat(rows.get(0).beta()).isEqualTo(0.5);
            assertThat(rows.get(0).gap()).isEqualTo(Gap.LARGE);
            assertThat(rows.get(0).rejected()).containsExactly('b', 'a', 'd');
            assertThat(rows.refused()).isEqualTo(1);
            assertThat(sft.get(0).completion()).containsExactly(7, 8);
        }
        assertThat(refused).extracting(RefusedRow::describe).containsExactly("line 2 chosen and rejected are equal");
    }

    @Test
    void rows_of_a_curation_need_no_file() {
        RowReader reader = new RowReader(CHARACTERS, 200, 64, LengthLimit.drop(50), folder);
        PreferencePair pair = new PreferencePair("a", "p", "good", "bad", 0.1, Gap.SMALL, "rewrite", "original");
        SftRow row = new SftRow("b", "p", "good", "rewrite");
        try (var pairs = reader.pairs(List.of(pair), new BetaRule.Own(), refused::add);
                var rows = reader.sft(List.of(row), refused::add)) {
            assertThat(pairs)
                    .singleElement()
                    .extracting(PairExample::id, PairExample::beta, PairExample::gap)
                    .containsExactly("a", 0.1, Gap.SMALL);
            assertThat(rows.get(0).completion()).containsExactly('g', 'o', 'o', 'd');
        }
        assertThat(refused).isEmpty();
    }

    @Test
    void rows_that_the_model_was_not_made_to_reach_are_refused_or_cut_as_the_limit_says() {
        String row = "{\"prompt\":\"" + "p".repeat(30) + "\",\"completion\":\"" + "c".repeat(40) + "\"}";
        positions = 64;
        try (var rows = sft(LengthLimit.drop(4096), row)) {
            assertThat(rows).isEmpty();
            assertThat(rows.tooLong()).isEqualTo(1);
        }
        assertThat(refused)
                .extracting(RefusedRow::describe)
                .containsExactly("line 1 70 tokens, over the model's max_position_embeddings of 64");
        try (var rows = sft(new LengthLimit(4096, LengthLimit.Policy.TRUNCATE_PROMPT), row)) {
            assertThat(rows.tokens(0)).isEqualTo(64);
            assertThat(rows.truncated()).isEqualTo(1);
        }
    }

    @Test
    void messages_are_taken_where_text_is() {
        try (var rows = sft(
                LengthLimit.drop(50),
                "{\"prompt\":[{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\",\"content\":\"ab\"}],"
                        + "\"completion\":[{\"role\":\"assistant\",\"content\":\"c\"}]}")) {
            assertThat(rows.get(0).prompt()).containsExactly('a', 'b');
            assertThat(rows.get(0).completion()).containsExactly('c');
        }
        assertThat(refused).isEmpty();
    }

    @Test
    void of_a_whole_conversation_the_last_reply_is_trained_on() {
        try (var rows = sft(
                LengthLimit.drop(50),
                "{\"messages\":[{\"role\":\"user\",\"content\":\"ab\"},{\"role\":\"assistant\",\"content\":\"c\"}]}",
                "{\"conversations\":[{\"from\":\"human\",\"value\":\"x\"},{\"from\":\"gpt\",\"value\":\"y\"},"
                        + "{\"from\":\"human\",\"value\":\"de\"},{\"from\":\"gpt\",\"value\":\"f\"}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"ab\"}]}",
                "{\"messages\":[{\"role\":\"assistant\",\"content\":\"a\"},{\"role\":\"user\",\"content\":\"b\"}]}",
                "{\"messages\":[]}")) {
            assertThat(rows).hasSize(2);
            assertThat(rows.get(0).prompt()).containsExactly('a', 'b');
            assertThat(rows.get(0).completion()).containsExactly('c');
            assertThat(rows.get(1).prompt()).containsExactly('d', 'e');
            assertThat(rows.get(1).completion()).containsExactly('f');
        }
        assertThat(refused)
                .extracting(RefusedRow::reason)
                .containsExactly(
                        "messages holds no message before the reply",
                        "completion is not one message of the assistant",
                        "messages is not a list of messages with a role each");
    }

    @Test
    void thinking_given_apart_is_trained_on_and_a_tool_call_is_refused() {
        try (var rows = sft(
                LengthLimit.drop(50),
                "{\"prompt\":\"a\",\"completion\":[{\"role\":\"assistant\",\"content\":\"c\",\"reasoning_content\":\"b\"}]}",
                "{\"prompt\":\"a\",\"completion\":[{\"role\":\"assistant\",\"content\":\"c\",\"tool_calls\":[{}]}]}")) {
            assertThat(rows).hasSize(1);
            assertThat(rows.get(0).completion())
                    .containsExactly("<think>\nb\n</think>\n\nc".chars().toArray());
        }
        assertThat(refused)
                .extracting(RefusedRow::reason)
                .containsExactly("completion calls tools, which cannot be trained on");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"reasoning\":\"b\",\"content\":\"c\"}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"thinking\":\"b\",\"content\":\"c\"}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"thought\":\"b\",\"content\":\"c\"}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"reasoning\":\"b\",\"reasoning_content\":null,"
                        + "\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"b\"}],\"content\":\"c\"}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"b\"},"
                        + "{\"type\":\"text\",\"text\":\"c\"}]}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":[{\"type\":\"reasoning\",\"text\":\"b\"},"
                        + "{\"type\":\"text\",\"text\":\"c\"}]}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"reasoning_content\":\"b\","
                        + "\"content\":\"<think>\\nb\\n</think>\\n\\nc\"}]}",
                "{\"conversations\":[{\"from\":\"human\",\"value\":\"a\"},{\"from\":\"gpt\",\"reasoning\":\"b\",\"value\":\"c\"}]}",
                "{\"prompt\":\"a\",\"reasoning\":\"b\",\"completion\":\"c\"}",
                "{\"instruction\":\"a\",\"input\":\"\",\"reasoning_content\":\"b\",\"output\":\"c\"}",
            })
    void thinking_under_any_of_its_names_is_kept_once(String row) {
        try (var rows = sft(LengthLimit.drop(50), row)) {
            assertThat(refused).isEmpty();
            assertThat(rows.get(0).prompt()).containsExactly('a');
            assertThat(rows.get(0).completion())
                    .containsExactly("<think>\nb\n</think>\n\nc".chars().toArray());
        }
    }

    @Test
    void what_stands_beside_the_messages_is_heeded() {
        String turns =
                "\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"c\"}]}";
        try (var rows = sft(
                LengthLimit.drop(50),
                "{\"instruction\":\"x\",\"input\":\"y\",\"output\":\"c\"}",
                "{\"prompt\":\"a\"," + turns,
                "{\"prompt\":\"other\"," + turns,
                "{\"tools\":[{}]," + turns,
                "{\"weight\":0," + turns,
                "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"c\",\"weight\":0}]}",
                "{\"prompt\":\"a\",\"completion\":\"<think>\\nb\"}",
                "{\"prompt\":\"a\",\"completion\":\"Sure! <think> b\"}",
                "{\"prompt\":\"a \\ud800\",\"completion\":\"b\"}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"reasoning\":\"x\","
                        + "\"content\":\"<think>y</think>c\"}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":[{\"type\":\"image_url\"}]}]}")) {
            assertThat(rows.get(0).prompt()).containsExactly('x', '\n', '\n', 'y');
            assertThat(rows.get(1).prompt()).containsExactly('a');
            assertThat(rows).hasSize(2);
        }
        assertThat(refused)
                .extracting(RefusedRow::reason)
                .containsExactly(
                        "prompt and messages say different things: leave one of them out",
                        "has tools, which cannot be trained on",
                        "weight 0: not to be trained on",
                        "weight 0: not to be trained on",
                        "the reply is cut off: it never reaches </think>",
                        "the reply is cut off: it never reaches </think>",
                        "broken text: half of a surrogate pair (\\ud800)",
                        "thinking in two places, and not the same: leave one of them out",
                        "a part of type \"image_url\", which is no text");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"query\":\"a b\",\"response\":\"c d\"}",
                "{\"prompt\":\"a b\",\"response\":\"c d\",\"answer\":\"4\"}",
                "{\"question\":\"a b\",\"answer\":\"c d\"}",
                "{\"problem\":\"a b\",\"generated_solution\":\"c d\",\"expected_answer\":\"4\"}",
                "{\"problem\":\"a b\",\"solution\":\"c d\",\"answer\":\"4\"}",
                "{\"instruction\":\"\",\"input\":\"a b\",\"output\":\"c d\"}",
                "{\"input\":[{\"role\":\"user\",\"content\":\"a b\"}],\"output\":\"c d\"}",
            })
    void question_and_reply_go_by_the_names_of_corpora_too(String row) {
        try (var rows = sft(LengthLimit.drop(50), row)) {
            assertThat(refused).isEmpty();
            assertThat(rows.get(0).prompt()).containsExactly('a', ' ', 'b');
            assertThat(rows.get(0).completion()).containsExactly('c', ' ', 'd');
        }
    }

    @Test
    void the_prompt_of_a_pair_goes_by_any_of_its_names() {
        try (var rows = pairs(
                LengthLimit.drop(50),
                new BetaRule.One(1),
                "{\"question\":\"x\",\"chosen\":\"a\",\"rejected\":\"b\"}",
                "{\"input\":\"x\",\"chosen\":\"a\",\"rejected\":\"b\"}",
                "{\"question\":\"x\",\"chosen\":\"a\"}")) {
            assertThat(rows)
                    .hasSize(2)
                    .allSatisfy(row -> assertThat(row.prompt()).containsExactly('x'));
            assertThat(rows.unused()).isEmpty();
        }
        assertThat(refused)
                .extracting(RefusedRow::reason)
                .containsExactly("no rejected and no rejected_ids; the row has question, chosen");
    }

    @Test
    void a_bare_result_is_no_reply_and_a_reply_that_is_disliked_none_to_learn() {
        try (var rows = sft(
                LengthLimit.drop(50),
                "{\"question\":\"a\",\"answer\":\"4\"}",
                "{\"question\":\"a\",\"final_answer\":\"4\",\"r1_solution_1\":\"so 4\"}",
                "{\"prompt\":\"a\",\"completion\":\"b\",\"label\":false}",
                "{\"prompt\":\"a\",\"completion\":\"b\",\"label\":true}")) {
            assertThat(rows).hasSize(1);
        }
        assertThat(refused)
                .extracting(RefusedRow::reason)
                .containsExactly(
                        "no completion and no completion_ids; the row has question, answer",
                        "no completion and no completion_ids; the row has question, final_answer, r1_solution_1",
                        "label false: not to be trained on");
    }

    @Test
    void what_would_vanish_from_a_row_refuses_it() {
        String turns =
                "\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"c\"%s}]}";
        try (var rows = sft(
                LengthLimit.drop(50),
                "{" + turns.formatted(",\"weight\":0.5"),
                "{" + turns.formatted(",\"weight\":\"0\""),
                "{" + turns.formatted(",\"loss\":false"),
                "{\"weight\":-1," + turns.formatted(""),
                "{" + turns.formatted(",\"function_call\":{\"name\":\"f\"}"),
                "{\"system\":{\"text\":\"s\"}," + turns.formatted(""),
                "{\"instruction\":\"x\",\"input\":{\"y\":1},\"output\":\"c\"}",
                "{\"messages\":[{\"role\":\"user\",\"text\":\"a\"},{\"role\":\"assistant\",\"content\":\"c\"}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"image_url\"}]},"
                        + "{\"role\":\"assistant\",\"content\":\"c\"}]}")) {
            assertThat(rows).isEmpty();
        }
        assertThat(refused)
                .extracting(RefusedRow::reason)
                .containsExactly(
                        "weight 0.5: rows are trained on alike, with 1, or not at all, with 0",
                        "weight 0: not to be trained on",
                        "loss false: not to be trained on",
                        "weight -1: rows are trained on alike, with 1, or not at all, with 0",
                        "completion calls tools, which cannot be trained on",
                        "the field \"system\" cannot be read: object",
                        "the field \"input\" cannot be read: object",
                        "a message without content",
                        "a part of type \"image_url\", which is no text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reasoning", "reasoning_content", "thinking", "thought"})
    void thinking_beside_the_sides_of_a_pair_is_trained_on(String name) {
        try (var rows = pairs(
                LengthLimit.drop(50),
                new BetaRule.One(1),
                "{\"prompt\":\"x\",\"chosen\":\"a\",\"rejected\":\"b\",\"chosen_" + name + "\":\"t\",\"rejected_" + name
                        + "\":\"u\"}")) {
            assertThat(refused).isEmpty();
            assertThat(rows.unused()).isEmpty();
            assertThat(rows.get(0).chosen())
                    .isEqualTo("<think>\nt\n</think>\n\na".chars().toArray());
            assertThat(rows.get(0).rejected())
                    .isEqualTo("<think>\nu\n</think>\n\nb".chars().toArray());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"chosen\":\"<think>\\nt\\n</think>\\n\\na\",\"rejected\":\"b\",\"reasoning\":\"t\"",
                "\"chosen\":\"a\",\"rejected\":\"<think>u</think>b\",\"thinking\":\"t\"",
                "\"chosen\":\"a\",\"rejected\":\"b\",\"rejected_reasoning\":\"u\",\"reasoning_content\":\"t\"",
                "\"chosen\":\"a\",\"chosen_thought\":\"t\",\"rejected\":\"b\",\"thought\":\"t\""
            })
    void thinking_beside_both_sides_is_the_chosens_where_it_can_be_no_others(String sides) {
        try (var rows = pairs(LengthLimit.drop(50), new BetaRule.One(1), "{\"prompt\":\"x\"," + sides + "}")) {
            assertThat(refused).isEmpty();
            assertThat(rows.unused()).isEmpty();
            assertThat(rows.get(0).chosen())
                    .isEqualTo("<think>\nt\n</think>\n\na".chars().toArray());
        }
    }

    @Test
    void thinking_beside_both_sides_that_may_be_either_s_or_a_judge_s_refuses_the_pair() {
        try (var rows = pairs(
                LengthLimit.drop(50),
                new BetaRule.One(1),
                "{\"prompt\":\"x\",\"chosen\":\"a\",\"rejected\":\"b\",\"reasoning\":\"A is better\"}",
                "{\"prompt\":\"x\",\"chosen\":[{\"role\":\"assistant\",\"content\":\"a\",\"thinking\":\"2+2\"}],\"rejected\":\"b\","
                        + "\"reasoning\":\"A is better\"}",
                "{\"prompt\":\"x\",\"chosen\":\"a\",\"rejected\":\"b\",\"thinking\":\"off\"}")) {
            assertThat(rows).hasSize(1);
        }
        assertThat(refused)
                .extracting(RefusedRow::reason)
                .containsExactly(
                        "thinking beside chosen and rejected may be either's or a judge's: name it chosen_reasoning, or leave it out",
                        "thinking in two places, and not the same: leave one of them out");
    }

    @Test
    void what_no_training_makes_use_of_is_named() {
        try (var rows = sft(
                LengthLimit.drop(50),
                "{\"id\":\"1\",\"prompt\":\"a\",\"completion\":\"c\",\"source\":\"original\",\"weight\":1,\"level\":3,\"topic\":\"\"}",
                "{\"conversations\":[{\"from\":\"human\",\"value\":\"b\"}],\"messages\":[{\"role\":\"user\",\"content\":\"a\"},"
                        + "{\"role\":\"assistant\",\"content\":\"c\",\"refusal\":\"x\"}]}",
                "{\"instruction\":\"x\",\"input\":2,\"output\":\"c\",\"solution\":\"d\"}")) {
            assertThat(rows).hasSize(3);
            assertThat(rows.unused()).containsExactly("completion.refusal", "conversations", "level", "solution");
            assertThat(rows.get(2).prompt()).containsExactly('x', '\n', '\n', '2');
        }
        try (var rows = pairs(
                LengthLimit.drop(50),
                new BetaRule.One(1),
                "{\"prompt\":\"x\",\"chosen\":\"a\",\"rejected\":\"b\",\"gap\":\"small\",\"chosen_from\":\"rewrite\",\"beta\":1}",
                "{\"prompt\":\"x\",\"chosen\":\"a\",\"rejected\":[{\"role\":\"assistant\",\"content\":\"b\",\"name\":\"n\"}],"
                        + "\"score_chosen\":8.5}")) {
            assertThat(rows).hasSize(2);
            assertThat(rows.unused()).containsExactly("rejected.name", "score_chosen");
        }
        assertThat(refused).isEmpty();
    }

    @Test
    void a_prompts_messages_reach_the_template_as_it_knows_them() {
        List<String> asked = new ArrayList<>();
        Encoding encoding = recording(asked);
        try (var _ = new RowReader(encoding, 128, positions, LengthLimit.drop(9), folder.resolve("scratch"))
                .sft(
                        file(
                                "{\"prompt\":[{\"role\":\"human\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]},"
                                        + "{\"role\":\"gpt\",\"thinking\":\"t\",\"content\":\"c\",\"name\":\"n\"},"
                                        + "{\"role\":\"user\",\"content\":7}],\"completion\":\"d\"}"),
                        refused::add)) {
            assertThat(asked)
                    .containsExactly("[{\"role\":\"user\",\"content\":\"ab\"},"
                            + "{\"role\":\"assistant\",\"content\":\"c\",\"reasoning_content\":\"t\",\"name\":\"n\"},"
                            + "{\"role\":\"user\",\"content\":\"7\"}]");
        }
        assertThat(refused).isEmpty();
    }

    @Test
    void replies_that_think_where_none_was_asked_for_are_counted() {
        try (var rows = sft(
                LengthLimit.drop(50),
                "{\"prompt\":\"a\",\"completion\":\"<think>t</think>b\"}",
                "{\"prompt\":\"a\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"},"
                        + "{\"role\":\"assistant\",\"content\":\"b\",\"reasoning_content\":\"t\"}]}",
                "{\"prompt\":\"a\",\"completion\":\"b\"}",
                "{\"prompt\":\"a\",\"completion_ids\":[7]}")) {
            assertThat(rows).hasSize(4);
            assertThat(rows.thinkingUnasked()).isEqualTo(2);
        }
    }

    @Test
    void rows_that_hold_control_tokens_are_counted_and_the_tokens_named() {
        try (var rows = sft(
                LengthLimit.drop(50),
                "{\"prompt\":\"a\",\"completion\":\"b\"}",
                "{\"prompt\":\"a <end>\",\"completion\":\"b\"}",
                "{\"prompt\":[{\"role\":\"user\",\"content\":\"a\"}],\"completion\":\"<end>\"}")) {
            assertThat(rows).hasSize(3);
            assertThat(rows.withControlTokens()).isEqualTo(2);
            assertThat(rows.controlTokens()).containsExactly("<end>");
        }
    }

    @Test
    void a_system_message_of_the_row_goes_in_front() {
        List<String> asked = new ArrayList<>();
        Encoding encoding = recording(asked);
        String whole = "[{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\",\"content\":\"a\"}]";
        try (var _ = new RowReader(encoding, 128, positions, LengthLimit.drop(9), folder.resolve("scratch"))
                .sft(
                        file(
                                "{\"system\":\"s\",\"prompt\":\"a\",\"completion\":\"c\"}",
                                "{\"system\":\"s\",\"conversations\":[{\"from\":\"human\",\"value\":\"a\"},"
                                        + "{\"from\":\"gpt\",\"value\":\"c\"}]}",
                                "{\"system\":\"s\",\"prompt\":" + whole + ",\"completion\":\"c\"}",
                                "{\"system\":\"t\",\"prompt\":" + whole + ",\"completion\":\"c\"}"),
                        refused::add)) {
            assertThat(asked).containsExactly(whole, whole, whole);
        }
        assertThat(refused).extracting(RefusedRow::reason).containsExactly("two system messages that are not the same");
    }

    @Test
    void the_sides_of_a_pair_may_be_conversations_that_begin_alike() {
        String user = "{\"role\":\"user\",\"content\":\"%s\"}";
        String side = "\"%s\":[" + user + ",{\"role\":\"assistant\",\"content\":\"%s\"}]";
        String chosen = side.formatted("chosen", "x", "ab");
        try (var rows = pairs(
                LengthLimit.drop(50),
                new BetaRule.One(1),
                "{" + chosen + "," + side.formatted("rejected", "x", "c") + "}",
                "{\"prompt\":\"x\"," + chosen + "," + side.formatted("rejected", "x", "c") + "}",
                "{\"messages\":[" + user.formatted("x") + "],\"chosen\":\"ab\",\"rejected\":\"c\"}",
                "{\"prompt\":\"y\"," + chosen + "," + side.formatted("rejected", "x", "c") + "}",
                "{" + chosen + "," + side.formatted("rejected", "y", "c") + "}")) {
            assertThat(rows).hasSize(3).allSatisfy(pair -> {
                assertThat(pair.prompt()).containsExactly('x');
                assertThat(pair.chosen()).containsExactly('a', 'b');
                assertThat(pair.rejected()).containsExactly('c');
            });
        }
        assertThat(refused)
                .extracting(RefusedRow::reason)
                .containsOnly("chosen, rejected and prompt do not begin with the same messages");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'chosen':'\\n\\nHuman: x\\n\\nAssistant: ab','rejected':'\\n\\nHuman: x\\n\\nAssistant: c'}",
                "{'prompt':'\\n\\nHuman: x\\n\\nAssistant:','chosen':' ab','rejected':' c'}",
                "{'prompt':'x','response_1':'ab','response_2':'c','preference_strength':-1}",
                "{'prompt':'x','response_1':'c','response_2':'ab','preference_strength':2}",
                "{'context':[{'role':'user','content':'x'}],'response1':'c','response2':'ab','overall_preference':3}",
                "{'instruction':'x','chosen_response':'ab','rejected_response':'c'}",
                "{'input':{'messages':[{'role':'user','content':'x'}],'tools':[]},"
                        + "'preferred_output':[{'role':'assistant','content':'ab'}],"
                        + "'non_preferred_output':[{'role':'assistant','content':'c'}]}",
            })
    void pairs_of_single_sets_are_read_as_they_are_meant(String row) {
        try (var rows = pairs(LengthLimit.drop(50), new BetaRule.One(1), row.replace('\'', '"'))) {
            assertThat(refused).isEmpty();
            assertThat(rows.unused()).isEmpty();
            assertThat(rows.get(0).prompt()).containsExactly('x');
            assertThat(rows.get(0).chosen()).containsExactly('a', 'b');
            assertThat(rows.get(0).rejected()).containsExactly('c');
        }
    }

    @Test
    void a_dialogue_keeps_its_turns_and_a_tie_is_no_pair() {
        String dialogue = "'\\n\\nHuman: a\\n\\nAssistant: b\\n\\nHuman: %s\\n\\nAssistant: %s'";
        String row = "{'chosen':" + dialogue + ",'rejected':" + dialogue + "}";
        ObjectNode pair = (ObjectNode) JsonMapper.shared()
                .readTree(row.formatted("c\\nd", "e", "c\\nd", "f").replace('\'', '"'));
        assertThat(Conversations.pair(pair).fields().path("prompt").toString())
                .isEqualTo(("[{'role':'user','content':'a'},{'role':'assistant','content':'b'},"
                                + "{'role':'user','content':'c\\nd'}]")
                        .replace('\'', '"'));
        try (var rows = pairs(
                LengthLimit.drop(50),
                new BetaRule.One(1),
                "{\"prompt\":\"x\",\"chosen\":\"a\",\"rejected\":\"b\"}",
                "{\"prompt\":\"x\",\"response_1\":\"c\",\"response_2\":\"d\",\"preference_strength\":0}",
                row.formatted("c", "e", "d", "f").replace('\'', '"'))) {
            assertThat(rows).hasSize(1);
        }
        assertThat(refused)
                .extracting(RefusedRow::reason)
                .containsExactly(
                        "preference_strength 0: neither reply is better",
                        "chosen, rejected and prompt do not begin with the same messages");
    }

    @Test
    void a_pair_without_a_beta_is_refused_and_not_counted_as_cut() {
        try (var rows = pairs(
                new LengthLimit(4, LengthLimit.Policy.TRUNCATE_PROMPT),
                new BetaRule.Own(),
                "{\"prompt\":\"vwxyz\",\"chosen\":\"ab\",\"rejected\":\"c\"}")) {
            assertThat(rows.refused()).isEqualTo(1);
            assertThat(rows.truncated()).isZero();
        }
    }

    @Test
    void what_cannot_be_trained_on_is_refused_with_line_and_reason() {
        try (var rows = sft(
                LengthLimit.drop(6),
                "{\"prompt\":\"ab\",\"completion\":\"cd\"}",
                "not json",
                "{\"prompt\":\"ab\"}",
                "{\"prompt\":\"ab\",\"completion\":\"\"}",
                "{\"prompt\":\"ab\",\"completion\":\"#\"}",
                "{\"prompt\":\"##\",\"completion\":\"a\"}",
                "{\"prompt\":\"abcd\",\"completion\":\"efg\"}",
                "{\"prompt_ids\":[1],\"completion_ids\":[1.5]}",
                "{\"prompt_ids\":[1],\"completion_ids\":[128]}",
                "{\"prompt\":[1],\"completion\":\"a\"}",
                "{\"prompt\":7,\"completion\":\"a\"}",
                "{\"prompt\":\"a\",\"completion\":[{\"role\":\"user\",\"content\":\"b\"}]}")) {
            assertThat(rows).hasSize(1);
            assertThat(rows.refused()).isEqualTo(11);
            assertThat(rows.tooLong()).isEqualTo(1);
        }
        assertThat(refused).extracting(RefusedRow::line).containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
        assertThat(refused.stream().skip(1).map(RefusedRow::reason))
                .containsExactly(
                        "no completion and no completion_ids; the row has prompt",
                        "empty completion",
                        "empty completion",
                        "the prompt tokenises to nothing; the first token has nothing to be predicted from",
                        "7 tokens, over the limit of 6",
                        "completion_ids is not a list of token ids",
                        "token id 128 in the completion is outside the model's vocabulary of 128",
                        "prompt is not a list of messages with a role each",
                        "prompt is neither text nor messages",
                        "completion is not one message of the assistant");
    }

    @Test
    void pairs_need_two_different_sides_and_a_sound_beta() {
        String ok =
                "{\"id\":\"p\",\"prompt\":\"x\",\"chosen\":\"ab\",\"rejected\":\"c\",\"beta\":0.5,\"gap\":\"large\"}";
        try (var rows = pairs(
                LengthLimit.drop(50),
                new BetaRule.Own(),
                ok,
                "{\"prompt\":\"x\",\"chosen\":\"ab\",\"rejected\":\"ab\",\"beta\":0.5}",
                "{\"prompt\":\"x\",\"chosen\":\"ab\",\"rejected\":\"a#b\",\"beta\":0.5}",
                "{\"prompt\":\"x\",\"chosen\":\"ab\",\"rejected\":\"c\"}",
                "{\"prompt\":\"x\",\"chosen\":\"ab\",\"rejected\":\"c\",\"beta\":0}",
                "{\"prompt\":\"x\",\"chosen\":\"ab\",\"rejected\":\"c\",\"beta\":-0.1}",
                "{\"prompt\":\"x\",\"chosen\":\"ab\",\"rejected\":\"c\",\"beta\":\"NaN\"}",
                "{\"prompt\":\"x\",\"chosen\":\"ab\",\"rejected\":\"c\",\"beta\":1,\"gap\":\"huge\"}",
                "{\"prompt\":\"x\",\"chosen\":\"ab\",\"rejected\":\"\",\"beta\":1}")) {
            assertThat(rows).hasSize(1);
            PairExample pair = rows.get(0);
            assertThat(pair.gap()).isEqualTo(Gap.LARGE);
            assertThat(pair.beta()).isEqualTo(0.5);
            assertThat(pair.rejected()).containsExactly('c');
            assertThat(rows.tokens(0)).isEqualTo(5);
        }
        assertThat(refused).hasSize(8).allMatch(row -> row.line() > 1);
    }

    @Test
    void a_constant_beta_replaces_that_of_the_rows() {
        try (var rows = pairs(
                LengthLimit.drop(50),
                new BetaRule.One(0.3),
                "{\"prompt\":\"x\",\"chosen\":\"ab\",\"rejected\":\"c\"}",
                "{\"prompt\":\"x\",\"chosen\":\"ab\",\"rejected\":\"c\",\"beta\":0.5}")) {
            assertThat(rows).extracting(PairExample::beta).containsExactly(0.3, 0.3);
            assertThat(rows.get(0).gap()).isNull();
        }
    }

    @Test
    void what_is_cut_is_counted() {
        String row = "{\"prompt\":\"abcd\",\"completion\":\"efg\"}";
        try (var rows = sft(new LengthLimit(5, LengthLimit.Policy.TRUNCATE_PROMPT), row)) {
            assertThat(rows.get(0).prompt()).containsExactly('c', 'd');
            assertThat(rows.truncated()).isEqualTo(1);
        }
        try (var rows = sft(new LengthLimit(5, LengthLimit.Policy.TRUNCATE_COMPLETION), row)) {
            assertThat(rows.get(0).completion()).containsExactly('e');
            assertThat(rows.truncated()).isEqualTo(1);
        }
        try (var rows = sft(new LengthLimit(3, LengthLimit.Policy.TRUNCATE_PROMPT), row)) {
            assertThat(rows).isEmpty();
            assertThat(rows.tooLong()).isEqualTo(1);
        }
        assertThatThrownBy(() ->
                        pairs(new LengthLimit(5, LengthLimit.Policy.TRUNCATE_COMPLETION), new BetaRule.Own(), row))
                .isInstanceOf(InputException.class);
    }

    @Test
    void many_rows_come_back_as_they_went_in_and_the_scratch_file_goes() throws IOException {
        String[] lines = new String[3000];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = "{\"prompt_ids\":[" + i % 128 + "],\"completion_ids\":[" + "3,".repeat(i % 200) + i % 7 + "]}";
        }
        try (var rows = sft(LengthLimit.drop(1000), lines)) {
            for (int i = 0; i < lines.length; i++) {
                assertThat(rows.get(i).prompt()).containsExactly(i % 128);
                assertThat(rows.get(i).completion()).hasSize(i % 200 + 1).endsWith(i % 7);
            }
        }
        try (Stream<Path> left = Files.list(folder.resolve("scratch"))) {
            assertThat(left).isEmpty();
        }
    }

    private TrainingRows<Example> sft(LengthLimit limit, String... lines) {
        return reader(limit).sft(file(lines), refused::add);
    }

    private TrainingRows<PairExample> pairs(LengthLimit limit, BetaRule beta, String... lines) {
        return reader(limit).pairs(file(lines), beta, refused::add);
    }

    private int positions = 10_000;

    private RowReader reader(LengthLimit limit) {
        return new RowReader(CHARACTERS, 128, positions, limit, folder.resolve("scratch"));
    }

    private Path file(String... lines) {
        try {
            return Files.write(folder.resolve("rows.jsonl"), List.of(lines));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** One that notes the messages of a prompt as the template gets them. */
    private static Encoding recording(List<String> asked) {
        return new Encoding() {
            @Override
            public int[] prompt(String prompt) {
                return new int[] {1};
            }

            @Override
            public int[] prompt(List<Map<String, Object>> messages) {
                asked.add(JsonMapper.shared().writeValueAsString(messages));
                return new int[] {1};
            }

            @Override
            public int[] completion(String completion) {
                return new int[] {2};
            }
        };
    }
}
