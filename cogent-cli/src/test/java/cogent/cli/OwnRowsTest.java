package cogent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cogent.cli.Cogent.Ran;
import cogent.train.objective.WeightRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Training on rows that somebody brings, without a corpus and without a teacher. */
final class OwnRowsTest {
    @TempDir
    static Path folder;

    private static String head;
    private static Path sft;
    private static Path pairs;

    @BeforeAll
    static void a_student_and_rows() throws IOException {
        assertThat(Cogent.run("init", "--playground", folder.resolve("student")).code())
                .isZero();
        sft = Files.write(
                folder.resolve("mine.jsonl"),
                IntStream.range(1, 9)
                        .mapToObj(i -> "{\"messages\":[{\"role\":\"user\",\"content\":\"Tom has " + i
                                + "\"},{\"role\":\"assistant\",\"content\":\"" + i + "\"}]}")
                        .toList());
        pairs = Files.write(
                folder.resolve("pairs.jsonl"),
                IntStream.range(1, 8)
                        .mapToObj(i -> "{\"prompt\":\"Tom has " + i + "\",\"chosen\":\"" + i + "\",\"rejected\":\""
                                + (i + 1) + "\"}")
                        .toList());
        head = "runs: %s\nthreads: 1\nstudent: {model: %s}\n".formatted(folder, folder.resolve("student"));
    }

    @Test
    void rows_of_ones_own_need_no_corpus() throws IOException {
        Path recipe =
                recipe("both", "sft: {rows: %s, epochs: 1}\nalign: {rows: %s, objective: dpo}\n".formatted(sft, pairs));
        assertThat(Cogent.run("plan", recipe).out())
                .contains("8 rows, 1 step", "7 pairs, 1 step", "no teacher is asked")
                .doesNotContain("curate");
        Ran ran = Cogent.run("run", recipe);
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(folder.resolve("both/models/sft/model.safetensors")).exists();
        assertThat(folder.resolve("both/models/aligned/model.safetensors")).exists();
        assertThat(Files.readString(folder.resolve("both/report.html"))).contains("SFT + DPO");
        assertThat(Cogent.run("run", recipe).err()).contains("done before");
        assertThat(Cogent.run("inspect", "batch", recipe, "--rows", 1).out()).contains("row line 1", "<|assistant|>");
    }

    @Test
    void pairs_alone_align_the_student_itself() throws IOException {
        Path recipe = recipe("only", "align: {rows: %s, objective: dpo}\n".formatted(pairs));
        Ran ran = Cogent.run("align", recipe);
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(folder.resolve("only/models/sft")).doesNotExist();
        assertThat(folder.resolve("only/models/aligned/model.safetensors")).exists();
    }

    @Test
    void rows_that_suit_the_student_least_stay_out_of_sft_and_are_named() throws IOException {
        Path recipe = recipe("select", "sft: {rows: %s, select: {keep: 0.5}}\n".formatted(sft));
        Ran ran = Cogent.run("run", recipe);
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.err()).contains("4 of 8 rows, median rank-surprisal ratio");
        assertThat(Files.readAllLines(folder.resolve("select/selection.jsonl")))
                .hasSize(8)
                .allMatch(line -> line.contains("\"rank_surprisal\":"));
        assertThat(Files.readAllLines(folder.resolve("select/refused-sft.jsonl")))
                .hasSize(4)
                .allMatch(line -> line.contains("sft.select: rank-surprisal ratio"));
        assertThat(Cogent.run("run", recipe).err()).contains("done before");
        Path none = recipe("none-left", "sft: {rows: %s, select: {impossible: 0, possible: 0.99}}\n".formatted(sft));
        ran = Cogent.run("run", none);
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("no row is left to train on", "impossible to the student");
    }

    @Test
    void long_and_short_rationales_are_mixed_as_asked() throws IOException {
        Path lengths = Files.write(
                folder.resolve("lengths.jsonl"),
                IntStream.range(0, 16)
                        .mapToObj(i -> "{\"prompt\":\"Tom has " + i / 2 + "\",\"completion\":\""
                                + (i % 2 == 0 ? "7" : "He has 7 and 7 and 7") + "\"}")
                        .toList());
        Ran ran = Cogent.run("run", recipe("mix", "sft: {rows: %s, select: {long_share: 0.2}}\n".formatted(lengths)));
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(Files.readAllLines(folder.resolve("mix/refused-sft.jsonl")))
                .hasSize(6)
                .allMatch(line -> line.contains("sft.select: more of its length than long_share has room for"));
    }

    @Test
    void a_student_is_distilled_from_a_teacher_of_its_own_tokens_alone() throws IOException {
        String tail = "sft: {rows: %s, epochs: 1}\ndistil: {teacher: %s, max_new_tokens: 4, max_steps: 2}\n";
        Path recipe = recipe("distil", tail.formatted(sft, folder.resolve("student")));
        assertThat(Cogent.run("plan", recipe).out()).contains("read by the teacher");
        Ran ran = Cogent.run("run", recipe);
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(folder.resolve("distil/models/distilled/model.safetensors")).exists();
        assertThat(Files.readString(folder.resolve("distil/models/distilled/README.md")))
                .contains("On-policy distillation", "- distillation");
        assertThat(Files.readAllLines(folder.resolve("distil/metrics/distil.jsonl")))
                .hasSize(2)
                .allMatch(line -> line.contains("\"completions/mean_length\":"));
        assertThat(Files.readString(folder.resolve("distil/report.html"))).contains("on the student's own replies");
        assertThat(Cogent.run("run", recipe).err()).contains("done before");

        Path other = folder.resolve("other");
        assertThat(Cogent.run("init", "--playground", other).code()).isZero();
        Path tokens = other.resolve("tokenizer.json");
        Files.writeString(tokens, Files.readString(tokens).replaceFirst("<\\|user\\|>", "<|asker|>"));
        ran = Cogent.run("run", recipe("stranger", tail.formatted(sft, other)));
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("do not share a tokenizer", "<|asker|>", "take one of the student's family");
        assertThat(folder.resolve("stranger/models")).doesNotExist();
    }

    @Test
    void kto_estimates_its_divergence_on_the_way() throws IOException {
        Path recipe = recipe("kto", "align: {rows: %s, objective: kto, kto: {undesirable: 1.5}}\n".formatted(pairs));
        Ran ran = Cogent.run("align", recipe);
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(Files.readString(folder.resolve("kto/metrics/align.jsonl"))).contains("\"kl\":");
    }

    @Test
    void madpo_weighs_rows_by_their_reward_margin_and_refuses_those_without() throws IOException {
        Path weighed = Files.writeString(
                folder.resolve("weighed.jsonl"), Files.readString(pairs).replaceFirst("}", ",\"reward_margin\":0.5}"));
        Path recipe = recipe("madpo", "align: {rows: %s, objective: madpo}\n".formatted(weighed));
        Ran ran = Cogent.run("align", recipe);
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.err()).contains("6 ");
        assertThat(Files.readAllLines(folder.resolve("madpo/refused-align.jsonl")))
                .hasSize(6)
                .allMatch(line -> line.contains("reward_margin"));
        assertThat(Cogent.run("align", recipe("tau", "align: {rows: %s, madpo: {tau: 3}}\n".formatted(weighed)))
                        .err())
                .contains("madpo's keys are for objective madpo, not cogpo");
    }

    @Test
    void madpo_weighs_pairs_by_a_reward_model_that_is_fitted_to_them_first() throws IOException {
        Path recipe = recipe("fitted", """
                align: {rows: %s, objective: madpo, max_steps: 2, batch_size: 4}
                reward: {enabled: true, max_steps: 6, batch_size: 7, learning_rate: 3.0e-3}
                """.formatted(pairs));
        assertThat(Cogent.run("plan", recipe).out()).contains("reward", "7 pairs, 6 steps");
        Ran ran = Cogent.run("run", recipe);
        assertThat(ran.code()).as(ran.err()).isZero();
        List<JsonNode> margins = Files.readAllLines(folder.resolve("fitted/margins.jsonl")).stream()
                .map(JsonMapper.shared()::readTree)
                .toList();
        assertThat(margins).hasSize(7);
        // what the last step of the reward model saw is near what it says of the pairs in the end
        double mean = margins.stream()
                .mapToDouble(line -> line.path("reward_margin").asDouble())
                .average()
                .orElseThrow();
        double seen = JsonMapper.shared()
                .readTree(Files.readAllLines(folder.resolve("fitted/metrics/reward.jsonl"))
                        .getLast())
                .path("rewards/margins")
                .asDouble();
        assertThat(mean).isPositive().isCloseTo(seen, within(0.5 * mean));
        assertThat(margins)
                .allSatisfy(line -> assertThat(line.path("weight").asDouble())
                        .isCloseTo(
                                new WeightRule.MarginAdaptive(2, 1, 0.5, 2)
                                        .weight(line.path("reward_margin").asDouble()),
                                within(1e-9)));
        assertThat(Cogent.run("run", recipe).err()).contains("done before");
        assertThat(Cogent.run("run", recipe, "--set", "reward.max_steps=5").err())
                .contains("runs again and replaces what it made before");
        assertThat(Cogent.run("run", recipe("cogpo", "align: {rows: %s}\nreward: {enabled: true}\n".formatted(pairs)))
                        .err())
                .contains("reward is for align.objective madpo");
    }

    @Test
    void a_command_for_a_stage_that_the_recipe_lacks_is_refused() throws IOException {
        Path recipe = recipe("lacks", "sft: {rows: %s}\n".formatted(sft));
        Ran ran = Cogent.run("align", recipe);
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("no stage align: align.rows is not set");
        assertThat(Cogent.run("curate", recipe).err()).contains("corpus.path is not set");
    }

    @Test
    void rows_that_are_not_there_are_told_before_anything_runs() throws IOException {
        Path recipe = recipe("gone", "sft: {rows: %s}\nalign: {rows: nowhere.jsonl}\n".formatted(sft));
        Ran ran = Cogent.run("run", recipe);
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("nowhere.jsonl: no such file");
        assertThat(folder.resolve("gone/models")).doesNotExist();
    }

    @Test
    void a_training_that_is_left_without_rows_says_why() throws IOException {
        Path recipe = recipe("none", "align: {rows: %s}\n".formatted(pairs)); // CogPO, and no row has a beta
        Ran ran = Cogent.run("align", recipe);
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err())
                .contains(
                        "no row is left to train on; 7 rows refused",
                        "The first: line 1: no number in beta; give one per row, or one for all (align.beta in a recipe)")
                .contains("refused-align.jsonl");
        Path empty = Files.write(folder.resolve("empty.jsonl"), List.of());
        assertThat(Cogent.run("sft", recipe("nil", "sft: {rows: %s}\n".formatted(empty)))
                        .err())
                .contains("empty.jsonl: no rows to train on");
    }

    @Test
    void token_ids_train_a_model_that_has_no_tokenizer() throws IOException {
        Path bare = Files.createDirectory(folder.resolve("bare"));
        for (String file : List.of("config.json", "model.safetensors")) {
            Files.copy(folder.resolve("student").resolve(file), bare.resolve(file));
        }
        Path ids =
                Files.write(folder.resolve("ids.jsonl"), List.of("{\"prompt_ids\":[5,6],\"completion_ids\":[7,8,9]}"));
        Path idPairs = Files.write(
                folder.resolve("id-pairs.jsonl"),
                List.of("{\"prompt_ids\":[5,6],\"chosen_ids\":[7,8],\"rejected_ids\":[9],\"beta\":0.2}"));
        Path recipe = recipe("bare-run", "sft: {rows: %s}\nalign: {rows: %s}\n".formatted(ids, idPairs));
        String student = "student.model=" + bare;
        Ran ran = Cogent.run("run", recipe, "--set", student);
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(folder.resolve("bare-run/models/aligned/model.safetensors")).exists();
        assertThat(Cogent.run("plan", recipe, "--set", student).code()).isZero();
        assertThat(Cogent.run("sft", recipe, "--set", student, "--set", "name=text", "--set", "sft.rows=" + sft)
                        .err())
                .contains("no tokenizer.json; give token ids instead of text");
    }

    @Test
    void a_number_that_json_does_not_know_and_a_weight_that_is_not_there_are_named() throws IOException {
        Path nan = Files.writeString(
                folder.resolve("nan.jsonl"), "{\"prompt\":\"a\",\"chosen\":\"b\",\"rejected\":\"c\",\"beta\":NaN}\n");
        assertThat(Cogent.run("align", recipe("nan", "align: {rows: %s}\n".formatted(nan)))
                        .err())
                .contains("line 1", "NaN is no JSON number");
        Ran ran = Cogent.run("sft", recipe("decay", "sft: {rows: %s, no_decay: [nowhere]}\n".formatted(sft)));
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("no_decay", "nowhere");
    }

    private static Path recipe(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name + ".yaml"), head + text);
    }
}
