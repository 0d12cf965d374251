package cogent.train.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cogent.data.InputException;
import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.Foreach;
import cogent.model.tensor.Ranks;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import cogent.train.Oracle;
import cogent.train.Tiny;
import cogent.train.forward.Compute;
import cogent.train.forward.ReverseKl;
import cogent.train.forward.TrainableModel;
import cogent.train.optim.OptimiserSettings;
import cogent.train.rows.BatchSize;
import cogent.train.rows.Example;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class DistilTest {
    private static final Path FIXTURE = Path.of("src/test/resources/objectives");
    private static final int END = 1;

    private static final DistilSettings SETTINGS = new DistilSettings(
            TrainSettings.align()
                    .withBatch(new BatchSize.Rows(8))
                    .withMaxSteps(6)
                    .withOptimiser(OptimiserSettings.of(0.02))
                    .withCheckpoints(2, 2),
            5,
            Set.of(END),
            4);

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"policy,reference", "reference,policy"})
    void a_batch_has_the_loss_and_the_gradient_of_trl(String student, String teacher) throws IOException {
        JsonNode file = Oracle.JSON.readTree(Files.readString(FIXTURE.resolve("expected.json")));
        JsonNode expected = file.get("distil " + student);
        List<Example> replies = replies(file);
        long tokens = replies.stream().mapToLong(row -> row.completion().length).sum();
        try (LanguageModel from = LanguageModel.load(FIXTURE.resolve(teacher));
                LanguageModel to = LanguageModel.load(FIXTURE.resolve(student))) {
            TrainableModel trained = TrainableModel.all(to);
            trained.gradientsOn();
            trained.clearGradients();
            DistilBatch batch = new DistilBatch(to.decoder(), from.decoder(), Compute.standard(), tokens);
            DistilBatch.Part all = batch.backward(replies.subList(0, 2), _ -> {})
                    .plus(batch.backward(replies.subList(2, replies.size()), _ -> {}));
            assertThat(all.sums().divergence() / tokens)
                    .isCloseTo(expected.get("loss").asDouble(), within(1e-5));
            assertThat(all.sums().entropy() / tokens)
                    .isCloseTo(expected.get("entropy").asDouble(), within(1e-5));
            try (Scope _ = Scope.open()) {
                double norm = Foreach.norm(
                        to.parameters().values().stream().map(Tensor::grad).toList());
                double known = expected.get("grad_norm").asDouble();
                assertThat(norm).isCloseTo(known, within(1e-5 * known));
            }
            trained.gradientsOff();
        }
    }

    @Test
    void neither_chunks_nor_rows_that_pad_the_teachers_vocabulary_change_anything() {
        try (Scope _ = Scope.open()) {
            Tensor hidden = Tensors.randn(3, 7, 6);
            Tensor taught = Tensors.randn(4, 7, 4);
            Tensor student = Tensors.randn(5, 11, 6).requiresGrad(true);
            Tensor teacher = Tensors.randn(6, 11, 4);
            Tensor padded = Tensors.cat(List.of(teacher, Tensors.randn(7, 5, 4)), 0);
            Tensor once = Tensors.zerosLike(hidden);
            Tensor chunked = Tensors.zerosLike(hidden);
            ReverseKl.Sums known = new ReverseKl(student, teacher, 100).backward(hidden, taught, 0.5, once);
            float[] weight = student.grad().toFloats();
            student.clearGrad();
            ReverseKl.Sums sums = new ReverseKl(student, padded, 3).backward(hidden, taught, 0.5, chunked);
            assertThat(sums.divergence()).isPositive().isCloseTo(known.divergence(), within(1e-4));
            assertThat(chunked.toFloats()).containsExactly(once.toFloats(), within(1e-5f));
            assertThat(student.grad().toFloats()).containsExactly(weight, within(1e-5f));
        }
    }

    @Test
    void the_student_comes_closer_to_the_teacher_where_it_speaks() throws IOException {
        try (LanguageModel student = Tiny.model(true);
                LanguageModel teacher = Tiny.model(false, 3)) {
            DistilSettings longer = new DistilSettings(SETTINGS.train().withMaxSteps(80), 5, Set.of(END), 4);
            TrainingOutcome outcome = train(student, teacher, longer, "a", () -> false);
            assertThat(outcome.steps()).isEqualTo(80);
            List<JsonNode> lines = Tiny.metrics(files("a"));
            assertThat(lines.getLast().get("loss").asDouble())
                    .isLessThan(0.5 * lines.getFirst().get("loss").asDouble());
            assertThat(lines)
                    .allMatch(line -> line.get("completions/mean_length").asDouble() <= 5)
                    .allMatch(line -> line.get("completions/clipped_ratio").asDouble() <= 1)
                    .allMatch(line -> line.get("entropy").asDouble() > 0);
        }
    }

    @Test
    void a_run_that_was_cut_off_ends_with_the_weights_of_one_that_was_not() {
        try (LanguageModel straight = Tiny.model(true);
                LanguageModel cut = Tiny.model(true);
                LanguageModel again = Tiny.model(true);
                LanguageModel teacher = Tiny.model(true, 3)) {
            train(straight, teacher, SETTINGS, "straight", () -> false);
            int[] asked = {0};
            assertThat(train(cut, teacher, SETTINGS, "cut", () -> asked[0]++ == 3)
                            .stopped())
                    .isTrue();
            assertThat(train(again, teacher, SETTINGS, "cut", () -> false).stopped())
                    .isFalse();
            Tiny.values(again)
                    .forEach((name, values) -> assertThat(values)
                            .isEqualTo(straight.parameters().get(name).toFloats()));
        }
    }

    @Test
    void another_teacher_does_not_continue_what_one_began_and_a_prompt_without_room_is_named() {
        try (LanguageModel student = Tiny.model(true);
                LanguageModel teacher = Tiny.model(true, 3);
                LanguageModel another = Tiny.model(true, 4)) {
            train(student, teacher, SETTINGS, "a", () -> false);
            assertThatThrownBy(() -> train(student, another, SETTINGS, "a", () -> false))
                    .isInstanceOf(InputException.class);
            assertThatThrownBy(() -> Distil.train(
                            TrainableModel.all(student),
                            teacher,
                            Ranks.alone(),
                            List.of(new Example("line 9", new int[64], new int[] {1})),
                            SETTINGS,
                            files("b"),
                            () -> false,
                            _ -> {}))
                    .hasMessageContaining("row line 9: its prompt of 64 tokens leaves no room");
        }
    }

    private TrainFiles files(String name) {
        return TrainFiles.in(folder.resolve(name));
    }

    private TrainingOutcome train(
            LanguageModel student, LanguageModel teacher, DistilSettings settings, String name, BooleanSupplier stop) {
        return Distil.train(
                TrainableModel.all(student),
                teacher,
                Ranks.alone(),
                Tiny.rows(20),
                settings,
                files(name),
                stop,
                _ -> {});
    }

    private static List<Example> replies(JsonNode file) {
        List<Example> replies = new ArrayList<>();
        for (JsonNode pair : file.get("pairs")) {
            replies.add(new Example("pair", ids(pair.get("prompt")), ids(pair.get("chosen"))));
        }
        return replies;
    }

    private static int[] ids(JsonNode node) {
        return node.valueStream().mapToInt(JsonNode::asInt).toArray();
    }
}
