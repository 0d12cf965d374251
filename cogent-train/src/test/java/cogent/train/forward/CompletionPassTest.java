package cogent.train.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cogent.model.decoder.ForwardPass;
import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.DType;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import cogent.train.Tiny;
import cogent.train.rows.PairExample;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionPassTest {
    private TrainableModel trained = TrainableModel.all(Tiny.model(true));

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void gradients_are_those_of_autograd_over_all_logits(boolean tied) {
        LanguageModel model = Tiny.model(tied);
        trained = TrainableModel.all(model);
        trained.gradientsOn();
        PackedRows rows = PackedRows.of(Tiny.rows(9));
        float[] weights = new float[rows.targets().length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = 0.4f * (i % 4) - 0.5f;
        }
        try (Scope _ = Scope.open()) {
            ForwardPass forward = ForwardPass.of(model.decoder(), rows.inputs(), 0);
            Tensor logps = Tiny.logProbs(model, forward.hidden(), rows);
            logps.mul(Tensors.of(weights, weights.length)).sum().backward();
            forward.backward();
            Map<String, float[]> expected = gradients(model);

            for (int chunk : new int[] {2, 1000}) {
                trained.clearGradients();
                CompletionPass pass = new CompletionPass(
                        model.decoder(), new LogProbHead(model.decoder().output(), chunk, DType.F32), rows, 0);
                assertThat(pass.score().logps()).containsExactly(logps.detach().toFloats(), within(1e-5f));
                pass.backward(weights);
                gradients(model)
                        .forEach((name, gradient) ->
                                assertThat(gradient).as(name).containsExactly(expected.get(name), within(5e-5f)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void parts_of_a_batch_accumulate_to_the_gradient_of_the_whole(boolean tied) {
        LanguageModel model = Tiny.model(tied);
        trained = TrainableModel.all(model);
        trained.gradientsOn();
        var rows = Tiny.rows(9);
        trained.clearGradients();
        backward(model, PackedRows.of(rows));
        Map<String, float[]> whole = gradients(model);
        trained.clearGradients();
        backward(model, PackedRows.of(rows.subList(0, 2)));
        backward(model, PackedRows.of(rows.subList(2, 9)));
        gradients(model)
                .forEach((name, gradient) ->
                        assertThat(gradient).as(name).containsExactly(whole.get(name), within(1e-5f)));
    }

    @ParameterizedTest
    @CsvSource({"PADDED,0", "PACKED,0", "SHARED,0", "SHARED,1", "SHARED,2", "PACKED,3"})
    void layouts_and_recomputation_give_the_same_log_probs_and_gradients(BatchLayout layout, int recompute) {
        LanguageModel model = Tiny.model(true);
        trained = TrainableModel.all(model);
        trained.gradientsOn();
        List<PairExample> pairs = Tiny.pairs(7);
        PackedRows plain = PackedRows.ofPairs(pairs, BatchLayout.PADDED);
        PackedRows rows = PackedRows.ofPairs(pairs, layout);
        assertThat(rows.targets()).isEqualTo(plain.targets());
        assertThat(rows.counts()).isEqualTo(plain.counts());
        float[] weights = new float[rows.targets().length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = 0.3f * (i % 5) - 0.6f;
        }
        try (Scope _ = Scope.open()) {
            trained.clearGradients();
            float[] logps = new CompletionPass(model.decoder(), plain, 0)
                    .backward(weights)
                    .logps();
            Map<String, float[]> expected = gradients(model);
            trained.clearGradients();
            assertThat(new CompletionPass(model.decoder(), rows, recompute)
                            .backward(weights)
                            .logps())
                    .containsExactly(logps, within(1e-5f));
            gradients(model)
                    .forEach((name, gradient) ->
                            assertThat(gradient).as(name).containsExactly(expected.get(name), within(2e-5f)));
        }
    }

    @Test
    void a_shared_prompt_is_computed_once_and_padding_is_no_work() {
        List<PairExample> pairs = Tiny.pairs(7);
        int prompts = pairs.stream().mapToInt(p -> p.prompt().length).sum();
        PackedRows packed = PackedRows.ofPairs(pairs, BatchLayout.PACKED);
        PackedRows shared = PackedRows.ofPairs(pairs, BatchLayout.SHARED);
        PackedRows padded = PackedRows.ofPairs(pairs, BatchLayout.PADDED);
        assertThat(shared.inputs().tokens()).isEqualTo(packed.inputs().tokens() - prompts);
        assertThat(packed.work().tokens()).isEqualTo(packed.inputs().tokens());
        assertThat(padded.work()).isEqualTo(packed.work());
        assertThat(padded.inputs().tokens()).isGreaterThan(packed.inputs().tokens());
    }

    private static void backward(LanguageModel model, PackedRows rows) {
        try (Scope _ = Scope.open()) {
            float[] weights = new float[rows.targets().length];
            Arrays.fill(weights, -1f / 27);
            new CompletionPass(model.decoder(), rows, 0).backward(weights);
        }
    }

    private static Map<String, float[]> gradients(LanguageModel model) {
        Map<String, float[]> gradients = new LinkedHashMap<>();
        try (Scope _ = Scope.open()) {
            model.parameters().forEach((name, p) -> gradients.put(name, p.grad().toFloats()));
        }
        return gradients;
    }
}
