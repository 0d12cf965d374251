package cogent.model.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cogent.model.hf.Configs;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.Blas;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.LibTorch;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RowStepTest {
    @BeforeAll
    static void twoThreads() {
        assumeTrue(Blas.isPresent(), "no OpenBLAS for this platform");
        LibTorch.threads(2);
    }

    @AfterAll
    static void oneThread() {
        LibTorch.threads(1);
    }

    /** The families whose decoders are of the plain kind. */
    static Stream<ModelConfig> families() {
        return DecoderTest.familiesAndWide().filter(config -> {
            try (LanguageModel model = LanguageModel.create(config, 3)) {
                return RowStep.fits(model.decoder());
            }
        });
    }

    @ParameterizedTest
    @MethodSource("families")
    void a_text_token_by_token_is_that_text_at_once(ModelConfig config) {
        try (LanguageModel model = LanguageModel.create(config, 3);
                Scope _ = Scope.open();
                var _ = GradMode.off()) {
            int[] ids = DecoderTest.sequences(config, 5, 40).getFirst();
            Tensor all = model.decoder().hidden(Packed.of(List.of(ids)));
            KvCache cache = KvCache.allocate(config, Device.CPU, DType.F32, 2, 44);
            RowStep step = new RowStep(model.decoder());
            for (int i = 0; i < ids.length; i++) {
                Tensor off = step.hidden(cache, ids[i], i)
                        .sub(all.narrow(0, i, 1))
                        .abs()
                        .max();
                assertThat(off.item()).as("position %d", i).isLessThan(1e-4);
            }
        }
    }

    @Test
    void plain_families_are_computed_so_and_others_are_refused() {
        try (LanguageModel plain = LanguageModel.create(Configs.qwen2(), 3);
                Lora adapter = Lora.create(plain, new Lora.Settings(2, 4, false, 0, Set.of("q_proj")), 1)) {
            assertThat(RowStep.fits(plain.decoder())).isTrue();
            assertThat(RowStep.fits(plain.decoder().computing(DType.BF16))).isFalse();
            assertThat(RowStep.fits(adapter.decoder())).isFalse();
            assertThatThrownBy(() -> new RowStep(adapter.decoder())).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
