package cogent.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cogent.tensor.Scope;
import cogent.tensor.Tensor;
import cogent.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionPassTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void gradients_by_hand_at_both_ends_are_those_of_autograd_through_everything(boolean tied) {
        ToyStudent model = new ToyStudent(tied);
        Packed packed = Packed.of(ToyStudent.rows(9));
        float[] weights = new float[packed.targets().length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = 0.4f * (i % 4) - 0.5f;
        }
        try (Scope _ = Scope.open()) {
            Tensor logps = model.logProbs(packed);
            logps.mul(Tensors.of(weights, weights.length)).sum().backward();
            Map<String, float[]> expected = gradients(model);

            for (int chunk : new int[] {2, 1000}) {
                Gradients.clear(model);
                CompletionPass pass = new CompletionPass(model, new LogProbHead(model.output(), chunk), packed);
                assertThat(pass.score().logps()).containsExactly(logps.detach().toFloats(), within(1e-5f));
                pass.backward(weights);
                gradients(model)
                        .forEach((name, gradient) ->
                                assertThat(gradient).as(name).containsExactly(expected.get(name), within(2e-5f)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void parts_of_a_batch_accumulate_to_the_gradient_of_the_whole(boolean tied) {
        ToyStudent model = new ToyStudent(tied);
        var rows = ToyStudent.rows(9);
        Gradients.clear(model);
        backward(model, Packed.of(rows));
        Map<String, float[]> whole = gradients(model);
        Gradients.clear(model);
        backward(model, Packed.of(rows.subList(0, 2)));
        backward(model, Packed.of(rows.subList(2, 9)));
        gradients(model)
                .forEach((name, gradient) ->
                        assertThat(gradient).as(name).containsExactly(whole.get(name), within(1e-5f)));
    }

    private static void backward(ToyStudent model, Packed packed) {
        try (Scope _ = Scope.open()) {
            float[] weights = new float[packed.targets().length];
            java.util.Arrays.fill(weights, -1f / 27);
            new CompletionPass(model, LogProbHead.of(model.output()), packed).backward(weights);
        }
    }

    private static Map<String, float[]> gradients(ToyStudent model) {
        Map<String, float[]> gradients = new LinkedHashMap<>();
        try (Scope _ = Scope.open()) {
            model.parameters().forEach((name, p) -> gradients.put(name, p.grad().toFloats()));
        }
        return gradients;
    }
}
