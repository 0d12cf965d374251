package cogent.train.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cogent.data.InputException;
import cogent.model.decoder.LanguageModel;
import cogent.model.decoder.Lora;
import cogent.model.tensor.DType;
import cogent.model.tensor.Ranks;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.train.Tiny;
import cogent.train.forward.BatchLayout;
import cogent.train.forward.CompletionPass;
import cogent.train.forward.PackedRows;
import cogent.train.forward.TrainableModel;
import cogent.train.optim.OptimiserSettings;
import cogent.train.rows.BatchSize;
import cogent.train.state.ReferenceLogps;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Products in BF16 over weights in single precision. */
class MixedPrecisionTest {
    private static final AlignSettings ALIGN = AlignSettings.cogPo()
            .withTrain(TrainSettings.align()
                    .withMaxSteps(8)
                    .withBatch(new BatchSize.Rows(6))
                    .withOptimiser(OptimiserSettings.of(5e-3))
                    .withCheckpoints(3, 2));

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void gradients_follow_those_of_single_precision_and_are_single_themselves(int recompute) {
        LanguageModel model = Tiny.model(false);
        Map<String, float[]> full = gradients(TrainableModel.all(model), recompute);
        TrainableModel mixed = TrainableModel.all(model).computing(DType.BF16);
        gradients(mixed, recompute)
                .forEach((name, gradient) -> assertThat(distance(gradient, full.get(name)))
                        .as(name)
                        .isBetween(1e-5, 0.04)); // a rounding is 2^-9; some dozen follow each other
    }

    @Test
    void gradients_of_an_adapter_follow_too() {
        try (LanguageModel model = Tiny.model(true);
                Lora lora = Lora.create(model, new Lora.Settings(4, 8, false, 0, Lora.Settings.ALL_LINEAR), 1)) {
            TrainableModel full = TrainableModel.adapter(model, lora);
            Map<String, float[]> expected = gradients(full, 0);
            gradients(full.computing(DType.BF16), 0).forEach((name, gradient) -> {
                if (name.endsWith("lora_B.weight")) { // B is zero, so A has no gradient yet
                    assertThat(distance(gradient, expected.get(name))).as(name).isBetween(1e-5, 0.04);
                }
            });
        }
    }

    @Test
    void the_gradient_of_many_parts_loses_nothing_to_their_sum() {
        LanguageModel model = Tiny.model(true);
        TrainableModel mixed = TrainableModel.all(model).computing(DType.BF16);
        Map<String, float[]> once = gradients(mixed, 0);
        Map<String, float[]> often = gradients(mixed, 0, 300);
        often.forEach((name, gradient) -> {
            float[] expected = once.get(name).clone();
            for (int i = 0; i < expected.length; i++) {
                expected[i] *= 300;
            }
            // a sum in BF16 stops growing at 256 equal parts
            assertThat(distance(gradient, expected)).as(name).isLessThan(1e-4);
        });
    }

    @Test
    void a_policy_is_its_own_reference_before_the_first_step() {
        List<TrainingProgress> seen = new ArrayList<>();
        align(Tiny.model(true), DType.BF16, DType.BF16, "same", seen);
        assertThat(seen.getFirst().loss()).isCloseTo(Math.log(2), within(2e-3));
        assertThat(seen.getLast().loss()).isLessThan(0.65);
        seen.clear();
        align(Tiny.model(true), DType.BF16, DType.F32, "other", seen);
        assertThat(seen.getFirst().metrics().get("rewards/chosen")).isNotCloseTo(0, within(2e-4));
    }

    @Test
    void a_stopped_run_continues_to_the_very_same_weights() {
        LanguageModel straight = Tiny.model(false);
        align(straight, DType.BF16, DType.BF16, "straight", new ArrayList<>());
        List<TrainingProgress> seen = new ArrayList<>();
        LanguageModel first = Tiny.model(false);
        Align.train(
                trained(first, DType.BF16),
                Ranks.alone(),
                new AlignData(Tiny.pairs(18), reference(first, DType.BF16)),
                AlignData.NONE,
                ALIGN,
                files("cut"),
                () -> seen.size() == 4,
                seen::add);
        LanguageModel second = Tiny.model(false);
        align(second, DType.BF16, DType.BF16, "cut", seen);
        assertThat(seen).hasSize(8);
        Tiny.values(second)
                .forEach((name, values) -> assertThat(values)
                        .isEqualTo(straight.parameters().get(name).toFloats()));
        LanguageModel third = Tiny.model(false);
        assertThatThrownBy(() -> align(third, DType.F32, DType.F32, "cut", seen))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("other rows, settings or starting weights");
    }

    private void align(LanguageModel model, DType policy, DType reference, String name, List<TrainingProgress> seen) {
        Align.train(
                trained(model, policy),
                Ranks.alone(),
                new AlignData(Tiny.pairs(18), reference(model, reference)),
                AlignData.NONE,
                ALIGN,
                files(name),
                () -> false,
                seen::add);
    }

    private static TrainableModel trained(LanguageModel model, DType compute) {
        return TrainableModel.all(model).computing(compute);
    }

    private ReferenceLogps reference(LanguageModel model, DType compute) {
        return ReferenceLogps.of(
                        model,
                        compute,
                        Tiny.pairs(18),
                        IntStream.range(0, 18).toArray(),
                        1000,
                        folder.resolve("references"),
                        Ranks.alone(),
                        () -> false,
                        _ -> {})
                .orElseThrow();
    }

    private TrainFiles files(String name) {
        return TrainFiles.in(folder.resolve(name));
    }

    private static Map<String, float[]> gradients(TrainableModel trained, int recompute) {
        return gradients(trained, recompute, 1);
    }

    private static Map<String, float[]> gradients(TrainableModel trained, int recompute, int times) {
        trained.gradientsOn();
        trained.clearGradients();
        PackedRows rows = PackedRows.of(Tiny.rows(9), BatchLayout.PACKED);
        float[] weights = new float[rows.targets().length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = 0.3f * (i % 5) - 0.5f;
        }
        for (int i = 0; i < times; i++) {
            try (Scope _ = Scope.open()) {
                new CompletionPass(trained.decoder(), rows, recompute).backward(weights);
            }
        }
        Map<String, float[]> gradients = new LinkedHashMap<>();
        try (Scope _ = Scope.open()) {
            trained.parameters().forEach((name, parameter) -> {
                Tensor gradient = parameter.grad();
                assertThat(gradient.dtype()).isEqualTo(DType.F32);
                gradients.put(name, gradient.toFloats());
            });
        }
        trained.gradientsOff();
        return gradients;
    }

    /** ‖a − b‖ / ‖b‖ */
    private static double distance(float[] a, float[] b) {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < a.length; i++) {
            difference += Math.pow(a[i] - b[i], 2);
            size += Math.pow(b[i], 2);
        }
        return Math.sqrt(difference / size);
    }
}
