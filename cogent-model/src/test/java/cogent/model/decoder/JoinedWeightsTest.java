package cogent.model.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.model.hf.ModelConfig;
import cogent.model.hf.Projections;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JoinedWeightsTest {
    static Stream<ModelConfig> families() {
        return DecoderTest.familiesAndWide();
    }

    @ParameterizedTest
    @MethodSource("families")
    void weights_that_lie_together_are_the_same_and_compute_the_same(ModelConfig config) {
        try (LanguageModel model = LanguageModel.create(config, 3);
                Scope _ = Scope.open();
                var _ = GradMode.off()) {
            Map<String, Tensor> laid = new LinkedHashMap<>();
            model.parameters().forEach((name, value) -> laid.put(name, value.retained()));
            JoinedWeights.lay(config, laid);
            assertThat(laid.keySet())
                    .containsExactlyElementsOf(model.parameters().keySet());
            laid.forEach((name, value) -> assertThat(value.toFloats())
                    .as(name)
                    .isEqualTo(model.parameters().get(name).toFloats()));
            Decoder decoder = new Decoder(config, laid, Map.of());
            boolean separate = config.projections() == Projections.SEPARATE;
            assertThat(decoder.layer(0).wholeQkv() != null).isEqualTo(separate);
            FeedForward.Gated gated = (FeedForward.Gated) decoder.layer(0).feedForward();
            assertThat(gated.wholeGateUp() != null).isEqualTo(separate);
            Packed sequences = Packed.of(DecoderTest.sequences(config, 5, 4, 1, 9));
            Tensor off = decoder.hidden(sequences)
                    .sub(model.decoder().hidden(sequences))
                    .abs()
                    .max();
            assertThat(off.item()).isLessThan(1e-4);
            decoder.close();
            laid.values().forEach(Tensor::close);
        }
    }

    @Test
    void only_neighbours_in_one_memory_are_together() {
        try (Scope _ = Scope.open()) {
            Tensor all = Tensors.randn(1, 6, 4);
            Tensor first = all.narrow(0, 0, 2);
            Tensor second = all.narrow(0, 2, 3);
            Tensor whole = Tensors.together(List.of(first, second));
            assertThat(whole).isNotNull();
            assertThat(whole.toFloats()).isEqualTo(all.narrow(0, 0, 5).toFloats());
            assertThat(Tensors.together(List.of(second, first))).isNull();
            assertThat(Tensors.together(List.of(first, all.narrow(0, 3, 1)))).isNull();
            assertThat(Tensors.together(List.of(first, second.copy()))).isNull();
            assertThat(Tensors.together(List.of(first.transpose(0, 1), second))).isNull();
        }
    }
}
