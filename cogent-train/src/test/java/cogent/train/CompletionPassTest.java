package cogent.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cogent.model.ForwardPass;
import cogent.model.LanguageModel;
import cogent.tensor.Scope;
import cogent.tensor.Tensor;
import cogent.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionPassTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void gradients_are_those_of_autograd_over_all_logits(boolean tied) {
        LanguageModel model = Tiny.model(tied);
        Gradients.on(model);
        PackedRows rows = PackedRows.of(Tiny.rows(9));
        float[] weights = new float[rows.targets().length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = 0.4f * (i % 4) - 0.5f;
        }
        try (Scope _ = Scope.open()) {
            ForwardPass forward = ForwardPass.of(model.decoder(), rows.inputs(), false);
            Tensor logps = Tiny.logProbs(model, forward.hidden(), rows);
            logps.mul(Tensors.of(weights, weights.length)).sum().backward();
            forward.backward();
            Map<String, float[]> expected = gradients(model);

            for (int chunk : new int[] {2, 1000}) {
                Gradients.clear(model);
                CompletionPass pass = new CompletionPass(
                        model, new LogProbHead(model.decoder().output(), chunk), rows);
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
        Gradients.on(model);
        var rows = Tiny.rows(9);
        Gradients.clear(model);
        backward(model, PackedRows.of(rows));
        Map<String, float[]> whole = gradients(model);
        Gradients.clear(model);
        backward(model, PackedRows.of(rows.subList(0, 2)));
        backward(model, PackedRows.of(rows.subList(2, 9)));
        gradients(model)
                .forEach((name, gradient) ->
                        assertThat(gradient).as(name).containsExactly(whole.get(name), within(1e-5f)));
    }

    private static void backward(LanguageModel model, PackedRows rows) {
        try (Scope _ = Scope.open()) {
            float[] weights = new float[rows.targets().length];
            Arrays.fill(weights, -1f / 27);
            new CompletionPass(model, LogProbHead.of(model.decoder().output()), rows).backward(weights);
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
