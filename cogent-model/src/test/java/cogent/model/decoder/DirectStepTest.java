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
import cogent.model.tensor.SkinnyGemm;
import cogent.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DirectStepTest {
    @TempDir
    private Path folder;

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
                return DirectStep.fits(model.decoder(), Long.MAX_VALUE);
            }
        });
    }

    private static Tensor whole(LanguageModel model, int[] ids) {
        return model.decoder().logits(model.decoder().hidden(Packed.of(List.of(ids))));
    }

    @ParameterizedTest
    @MethodSource("families")
    void a_text_token_by_token_is_that_text_at_once(ModelConfig config) {
        try (LanguageModel model = LanguageModel.create(config, 3);
                Scope _ = Scope.open();
                var _ = GradMode.off()) {
            int[] ids = DecoderTest.sequences(config, 5, 40).getFirst();
            Tensor all = whole(model, ids);
            KvCache cache = KvCache.allocate(config, Device.CPU, DType.F32, 2, 44);
            DirectStep step = DirectStep.of(model.decoder(), 0);
            for (int i = 0; i < ids.length; i++) {
                Tensor off = step.logits(cache, new int[] {ids[i]}, new int[] {i})
                        .sub(all.narrow(0, i, 1))
                        .abs()
                        .max();
                assertThat(off.item()).as("position %d", i).isLessThan(1e-4);
            }
            step.close();
        }
    }

    /** As many as there are parts of the threads' work, fewer and more; then fewer again in the same step. */
    @ParameterizedTest
    @MethodSource("families")
    void texts_of_any_length_together_are_each_of_them_alone(ModelConfig config) {
        LibTorch.threads(3);
        try (LanguageModel model = LanguageModel.create(config, 3);
                Scope _ = Scope.open();
                var _ = GradMode.off()) {
            List<int[]> texts = DecoderTest.sequences(config, 5, 31, 1, 12, 30, 17);
            KvCache cache = KvCache.allocate(config, Device.CPU, DType.F32, texts.size(), 44);
            DirectStep step = DirectStep.of(model.decoder(), Long.MAX_VALUE); // packs its weights on the way
            List<Tensor> alone = texts.stream().map(ids -> whole(model, ids)).toList();
            for (int count = texts.size(); count > 0; count--) {
                for (int i = 0; i < 31; i++) {
                    int[] ids = new int[count];
                    int[] positions = new int[count];
                    for (int text = 0; text < count; text++) {
                        positions[text] = Math.min(i, texts.get(text).length - 1);
                        ids[text] = texts.get(text)[positions[text]];
                    }
                    Tensor logits = step.logits(cache, ids, positions);
                    for (int text = 0; text < count; text++) {
                        Tensor expected = alone.get(text).narrow(0, positions[text], 1);
                        Tensor off =
                                logits.narrow(0, text, 1).sub(expected).abs().max();
                        assertThat(off.item())
                                .as("text %d of %d, position %d", text, count, positions[text])
                                .isLessThan(1e-4);
                    }
                }
            }
            step.close();
        } finally {
            LibTorch.threads(2);
        }
    }

    /** The texts of a model in BF16 are those of its weights in F32: the weights are rounded, nothing that is computed is. */
    @ParameterizedTest
    @MethodSource("families")
    void weights_in_bf16_are_computed_with_in_fp32(ModelConfig config) throws IOException {
        assumeTrue(SkinnyGemm.canPack(DType.BF16), "no FBGEMM for this platform");
        try (LanguageModel model = LanguageModel.create(config, 3)) {
            model.save(folder.resolve("m"), DType.BF16, null);
        }
        try (LanguageModel full = LanguageModel.load(folder.resolve("m"));
                LanguageModel half = LanguageModel.load(folder.resolve("m"), Device.CPU, DType.BF16);
                Scope _ = Scope.open();
                var _ = GradMode.off()) {
            List<int[]> texts = DecoderTest.sequences(config, 40, 40);
            KvCache cache = KvCache.allocate(config, Device.CPU, DType.BF16, 2, 44);
            for (int count = 1; count <= 2; count++) {
                DirectStep step = DirectStep.of(half.decoder(), Long.MAX_VALUE);
                List<Tensor> whole = texts.subList(0, count).stream()
                        .map(ids -> whole(full, ids))
                        .toList();
                for (int i = 0; i < 40; i++) {
                    int position = i;
                    int[] ids = texts.subList(0, count).stream()
                            .mapToInt(text -> text[position])
                            .toArray();
                    int[] positions = new int[count];
                    Arrays.fill(positions, i);
                    Tensor logits = step.logits(cache, ids, positions);
                    for (int text = 0; text < count; text++) {
                        Tensor expected = whole.get(text).narrow(0, i, 1);
                        Tensor off =
                                logits.narrow(0, text, 1).sub(expected).abs().max();
                        assertThat(off.item())
                                .as("text %d, position %d", text, i)
                                .isLessThan(1e-4);
                    }
                }
                step.close();
            }
        }
    }

    @Test
    void packed_bf16_serves_the_next_texts_until_a_weight_changes_and_goes_with_the_model() throws IOException {
        assumeTrue(SkinnyGemm.canPack(DType.BF16), "no FBGEMM for this platform");
        try (LanguageModel model = LanguageModel.create(Configs.qwen2(), 3)) {
            model.save(folder.resolve("m"), DType.BF16, null);
        }
        long before = 0;
        for (int round = 0; round < 2; round++) {
            before = LibTorch.liveHandles(); // the first round makes what is kept for good
            try (LanguageModel half = LanguageModel.load(folder.resolve("m"), Device.CPU, DType.BF16);
                    Scope _ = Scope.open();
                    var _ = GradMode.off()) {
                DirectStep first = DirectStep.of(half.decoder(), Long.MAX_VALUE);
                DirectStep beside = DirectStep.of(half.decoder(), Long.MAX_VALUE);
                assertThat(beside).isNotSameAs(first);
                double was = logit(first, half);
                first.close();
                beside.close();
                assertThat(DirectStep.of(half.decoder(), Long.MAX_VALUE)).isSameAs(first);
                first.close();
                half.parameters().get("model.layers.1.mlp.down_proj.weight").mul_(3);
                DirectStep changed = DirectStep.of(half.decoder(), Long.MAX_VALUE);
                assertThat(changed).isNotSameAs(first);
                assertThat(Math.abs(logit(changed, half) - was)).isGreaterThan(1e-3);
                changed.close();
            }
        }
        assertThat(LibTorch.liveHandles()).isEqualTo(before);
    }

    private static double logit(DirectStep step, LanguageModel model) {
        KvCache cache = KvCache.allocate(model.config(), Device.CPU, DType.BF16, 1, 4);
        return step.logits(cache, new int[] {1}, new int[] {0}).abs().max().item();
    }

    @Test
    void bf16_without_room_for_packed_weights_goes_through_operators() throws IOException {
        assumeTrue(SkinnyGemm.canPack(DType.BF16), "no FBGEMM for this platform");
        try (LanguageModel model = LanguageModel.create(Configs.qwen2(), 3)) {
            model.save(folder.resolve("m"), DType.BF16, null);
        }
        try (LanguageModel half = LanguageModel.load(folder.resolve("m"), Device.CPU, DType.BF16)) {
            long matrices = half.parameters().values().stream()
                    .filter(tensor -> tensor.rank() == 2)
                    .mapToLong(Tensor::nbytes)
                    .sum(); // the tied output matrix is the embedding
            assertThat(DirectStep.fits(half.decoder(), matrices)).isTrue();
            assertThat(DirectStep.fits(half.decoder(), matrices - 1)).isFalse();
        }
    }

    @Test
    void packed_weights_are_freed_with_the_step_and_follow_the_threads() {
        ModelConfig config = Configs.qwen2();
        try (LanguageModel model = LanguageModel.create(config, 3);
                Scope _ = Scope.open();
                var _ = GradMode.off()) {
            KvCache cache = KvCache.allocate(config, Device.CPU, DType.F32, 5, 64);
            int[] ids = {1, 2, 3, 4, 5};
            for (int round = 0; round < 2; round++) {
                long before = LibTorch.liveHandles();
                DirectStep step = DirectStep.of(model.decoder(), Long.MAX_VALUE);
                for (int i = 0; i < 40; i++) {
                    int position = i;
                    LibTorch.threads(i < 20 ? 2 : 3);
                    Scope.run(() -> {
                        Tensor logits =
                                step.logits(cache, ids, new int[] {position, position, position, position, position});
                        assertThat(logits.isFinite().all().item()).isEqualTo(1);
                    });
                }
                step.close();
                if (round > 0) { // the first one makes what is kept for good
                    assertThat(LibTorch.liveHandles()).isEqualTo(before);
                }
            }
        } finally {
            LibTorch.threads(2);
        }
    }

    @Test
    void plain_families_are_computed_so_and_others_are_refused() {
        try (LanguageModel plain = LanguageModel.create(Configs.qwen2(), 3);
                Lora adapter = Lora.create(plain, new Lora.Settings(2, 4, false, 0, Set.of("q_proj")), 1)) {
            assertThat(DirectStep.fits(plain.decoder(), 0)).isTrue();
            assertThat(DirectStep.fits(plain.decoder().computing(DType.BF16), Long.MAX_VALUE))
                    .isFalse();
            assertThat(DirectStep.fits(adapter.decoder(), 0)).isFalse();
            assertThatThrownBy(() -> DirectStep.of(adapter.decoder(), 0)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
