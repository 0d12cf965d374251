package cogent.model.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cogent.model.hf.Configs;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import cogent.model.tensor.Foreach;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.LibTorch;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

public class DecoderTest {
    @BeforeAll
    static void oneThread() {
        LibTorch.threads(1);
    }

    static Stream<ModelConfig> families() {
        return Stream.of(
                Configs.qwen2(),
                Configs.qwen3(),
                Configs.qwen3Moe(),
                Configs.qwen35(),
                Configs.llama3(),
                Configs.mistral(),
                Configs.smollm3(),
                Configs.granite(),
                Configs.olmo2(),
                Configs.phi3(),
                Configs.gemma3());
    }

    public static Stream<ModelConfig> familiesAndWide() {
        return Stream.concat(families(), Stream.of(Configs.wide()));
    }

    @ParameterizedTest
    @MethodSource("familiesAndWide")
    void logits_equal_a_double_precision_reference(ModelConfig config) {
        try (LanguageModel model = LanguageModel.create(config, 3);
                Scope _ = Scope.open()) {
            ReferenceDecoder reference = new ReferenceDecoder(config, doubles(model));
            List<int[]> sequences = sequences(config, 9, 20, 3, 1, 8, 64, 150);
            float[] logits = model.decoder()
                    .logits(model.decoder().hidden(Packed.of(sequences)))
                    .toFloats();
            int at = 0;
            for (int[] ids : sequences) {
                for (double[] row : reference.logits(ids)) {
                    for (double expected : row) {
                        assertThat((double) logits[at++]).isCloseTo(expected, within(2e-4));
                    }
                }
            }
        }
    }

    /** Against the slope of the reference's loss, by central differences in double precision. */
    @ParameterizedTest
    @MethodSource("families")
    void gradients_equal_the_slope_of_the_reference(ModelConfig config) {
        try (LanguageModel model = LanguageModel.create(config, 5);
                Scope _ = Scope.open()) {
            model.parameters().values().forEach(p -> p.requiresGrad(true));
            List<int[]> sequences = sequences(config, 4, 7, 4);
            ForwardPass pass = ForwardPass.of(model.decoder(), Packed.of(sequences), 0);
            Tensor logits = model.decoder().logits(pass.hidden());
            logits.mul(logits).sum().backward();
            pass.backward();
            Map<String, double[]> weights = doubles(model);
            ReferenceDecoder reference = new ReferenceDecoder(config, weights);
            Random random = new Random(1);
            for (String name : model.parameters().keySet()) {
                double[] w = weights.get(name);
                int i = random.nextInt(w.length);
                double value = w[i];
                double step = 1e-5;
                w[i] = value + step;
                double above = squares(reference, sequences);
                w[i] = value - step;
                double below = squares(reference, sequences);
                w[i] = value;
                double slope = (above - below) / (2 * step);
                assertThat((double) model.parameters().get(name).grad().toFloats()[i])
                        .as(name)
                        .isCloseTo(slope, within(2e-3 * Math.abs(slope) + 2e-3));
            }
        }
    }

    private static double squares(ReferenceDecoder reference, List<int[]> sequences) {
        double sum = 0;
        for (int[] ids : sequences) {
            for (double[] row : reference.logits(ids)) {
                for (double v : row) {
                    sum += v * v;
                }
            }
        }
        return sum;
    }

    @ParameterizedTest
    @MethodSource("families")
    void recomputation_changes_no_gradient_and_a_second_pass_adds(ModelConfig config) {
        try (LanguageModel model = LanguageModel.create(config, 7);
                Scope _ = Scope.open()) {
            List<Tensor> all = List.copyOf(model.parameters().values());
            all.forEach(p -> p.requiresGrad(true));
            Packed batch = Packed.of(sequences(config, 70, 12, 33));
            Tensor up = Tensors.randn(1, batch.tokens(), config.hiddenSize());
            ForwardPass.of(model.decoder(), batch, 0).backward(up);
            List<Tensor> graph = gradients(model);
            all.forEach(Tensor::clearGrad);
            ForwardPass.of(model.decoder(), batch, 1).backward(up);
            ForwardPass.of(model.decoder(), batch, 1).backward(up);
            List<Tensor> twice = gradients(model);
            for (int i = 0; i < graph.size(); i++) {
                Foreach.add_(List.of(twice.get(i)), List.of(graph.get(i)), -2);
                assertThat(Foreach.norm(List.of(twice.get(i))))
                        .isLessThan(1e-4 * (1 + Foreach.norm(List.of(graph.get(i)))));
            }
        }
    }

    static Stream<ModelConfig> windowedAndRemembering() {
        return Stream.of(Configs.mistral(), Configs.qwen35());
    }

    @ParameterizedTest
    @MethodSource("windowedAndRemembering")
    void packing_changes_nothing_for_any_mix_of_lengths(ModelConfig config) {
        try (LanguageModel model = LanguageModel.create(config, 2);
                Scope _ = Scope.open()) {
            for (int[] lengths : new int[][] {{1}, {5, 5, 5}, {1, 40}, {17, 16, 15, 3, 3, 2}, {2, 4, 6, 8, 10, 90}}) {
                List<int[]> sequences = sequences(config, lengths);
                float[] packed = model.decoder().hidden(Packed.of(sequences)).toFloats();
                int at = 0;
                for (int[] ids : sequences) {
                    for (float alone :
                            model.decoder().hidden(Packed.of(List.of(ids))).toFloats()) {
                        assertThat(packed[at++]).isCloseTo(alone, within(5e-5f));
                    }
                }
            }
        }
    }

    /** Upstream gradients are those of the continuations alone: what they see and remember of the prompt is to move it. */
    @ParameterizedTest
    @MethodSource("families")
    void a_beginning_that_sequences_share_has_the_gradients_of_whole_sequences(ModelConfig config) {
        int[] prompts = {70, 3};
        int[][] continuations = {{5, 66}, {1, 4}};
        try (LanguageModel model = LanguageModel.create(config, 7);
                Scope _ = Scope.open()) {
            List<Tensor> all = List.copyOf(model.parameters().values());
            all.forEach(p -> p.requiresGrad(true));
            List<int[]> parts = sequences(config, 70, 5, 66, 3, 1, 4);
            Packed shared =
                    Packed.branching(parts.stream().flatMapToInt(Arrays::stream).toArray(), prompts, continuations);
            List<int[]> whole = new ArrayList<>();
            List<Tensor> upShared = new ArrayList<>();
            List<Tensor> upWhole = new ArrayList<>();
            for (int i = 0; i < prompts.length; i++) {
                Tensor none = Tensors.zeros(DType.F32, prompts[i], config.hiddenSize());
                upShared.add(none);
                for (int j = 0; j < 2; j++) {
                    whole.add(IntStream.concat(Arrays.stream(parts.get(3 * i)), Arrays.stream(parts.get(3 * i + j + 1)))
                            .toArray());
                    Tensor up = Tensors.randn(10L * i + j, continuations[i][j], config.hiddenSize());
                    upShared.add(up);
                    upWhole.addAll(List.of(none, up));
                }
            }
            ForwardPass.of(model.decoder(), Packed.of(whole), 0).backward(Tensors.cat(upWhole, 0));
            List<Tensor> expected = gradients(model);
            all.forEach(Tensor::clearGrad);
            ForwardPass.of(model.decoder(), shared, 0).backward(Tensors.cat(upShared, 0));
            List<Tensor> got = gradients(model);
            for (int i = 0; i < got.size(); i++) {
                Foreach.add_(List.of(got.get(i)), List.of(expected.get(i)), -1);
                assertThat(Foreach.norm(List.of(got.get(i))))
                        .isLessThan(1e-4 * (1 + Foreach.norm(List.of(expected.get(i)))));
            }
        }
    }

    @Test
    void frozen_parameters_get_no_gradient() {
        try (LanguageModel model = LanguageModel.create(Configs.qwen2(), 2);
                Scope _ = Scope.open()) {
            Tensor norm = model.parameters().get("model.norm.weight").requiresGrad(true);
            Packed batch = Packed.of(sequences(Configs.qwen2(), 4));
            ForwardPass.of(model.decoder(), batch, 0).backward(Tensors.randn(1, 4, 16));
            assertThat(norm.hasGrad()).isTrue();
            assertThat(model.decoder().embedding().hasGrad()).isFalse();
        }
    }

    @Test
    void a_training_loop_holds_no_handles() {
        try (LanguageModel model = LanguageModel.create(Configs.qwen3(), 2)) {
            model.parameters().values().forEach(p -> p.requiresGrad(true));
            Packed batch = Packed.of(sequences(Configs.qwen3(), 4, 9));
            List<Long> live = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                try (Scope _ = Scope.open()) {
                    ForwardPass pass = ForwardPass.of(model.decoder(), batch, i % 2);
                    model.decoder().logits(pass.hidden()).sum().backward();
                    pass.backward();
                    model.parameters().values().forEach(Tensor::clearGrad);
                }
                live.add(LibTorch.liveHandles());
            }
            assertThat(live.getLast()).isLessThanOrEqualTo(live.get(100)); // less: garbage of other tests
            assertThat(GradMode.isOn()).isTrue();
        }
    }

    private static List<Tensor> gradients(LanguageModel model) {
        return model.parameters().values().stream()
                .filter(Tensor::hasGrad) // an untied output matrix takes no part
                .map(p -> p.grad().copy())
                .toList();
    }

    public static List<int[]> sequences(ModelConfig config, int... lengths) {
        Random random = new Random(11);
        List<int[]> sequences = new ArrayList<>();
        for (int length : lengths) {
            sequences.add(random.ints(length, 0, config.vocabSize()).toArray());
        }
        return sequences;
    }

    public static Map<String, double[]> doubles(LanguageModel model) {
        Map<String, double[]> weights = new HashMap<>();
        model.parameters().forEach((name, tensor) -> {
            float[] values = tensor.detach().toFloats();
            double[] copy = new double[values.length];
            for (int i = 0; i < copy.length; i++) {
                copy[i] = values[i];
            }
            weights.put(name, copy);
        });
        return weights;
    }
}
