package cogent.model.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import cogent.model.generate.Generation;
import cogent.model.generate.Generator;
import cogent.model.hf.Configs;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.Foreach;
import cogent.model.tensor.LibTorch;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way through the model in bf16, and every device branch that a CPU can run. */
class PrecisionTest {
    private static final int NEW = 8;

    @TempDir
    private Path folder;

    static java.util.stream.Stream<ModelConfig> families() {
        return DecoderTest.familiesAndWide();
    }

    @ParameterizedTest
    @MethodSource("families")
    void bf16_computes_what_fp32_does_within_its_eight_bits(ModelConfig config) throws IOException {
        try (LanguageModel model = LanguageModel.create(config, 3)) {
            model.save(folder.resolve("m"), DType.BF16, null);
        }
        try (LanguageModel full = LanguageModel.load(folder.resolve("m"));
                LanguageModel half = LanguageModel.load(folder.resolve("m"), Device.CPU, DType.BF16);
                Scope _ = Scope.open()) {
            assertThat(half.parameters().values()).allMatch(t -> t.dtype() == DType.BF16);
            Packed batch = Packed.of(DecoderTest.sequences(config, 9, 4, 7));
            float[] wanted = logits(full, batch);
            float[] got = logits(half, batch);
            assertThat(distance(got, wanted)).isLessThan(0.03); // a rounding is 2^-9; some dozen follow each other
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void bf16_products_over_fp32_weights_compute_the_same_for_training_and_for_scoring(ModelConfig config) {
        try (LanguageModel model = LanguageModel.create(config, 3);
                Scope _ = Scope.open()) {
            Packed batch = Packed.of(DecoderTest.sequences(config, 9, 4, 7));
            Decoder mixed = model.decoder().computing(DType.BF16);
            Tensor scored = mixed.hidden(batch);
            assertThat(scored.dtype()).isEqualTo(DType.F32);
            float[] full = model.decoder().hidden(batch).toFloats();
            // a token on the edge between two experts goes to the other one
            assertThat(distance(scored.toFloats(), full))
                    .isBetween(1e-5, config.experts().any() ? 0.2 : 0.03);
            for (int recompute = 0; recompute < 2; recompute++) {
                float[] trained = ForwardPass.of(mixed, batch, recompute)
                        .hidden()
                        .detach()
                        .toFloats();
                assertThat(distance(trained, scored.toFloats())).isLessThan(2e-3);
            }
        }
    }

    private static double distance(float[] got, float[] wanted) {
        double error = 0;
        double size = 0;
        for (int i = 0; i < wanted.length; i++) {
            error += Math.pow(got[i] - wanted[i], 2);
            size += Math.pow(wanted[i], 2);
        }
        return Math.sqrt(error / size);
    }

    @ParameterizedTest
    @MethodSource("families")
    void cached_decoding_in_bf16_follows_its_own_full_recomputation(ModelConfig config) throws IOException {
        try (LanguageModel model = LanguageModel.create(config, 3)) {
            model.save(folder.resolve("m"), DType.BF16, null);
        }
        try (LanguageModel half = LanguageModel.load(folder.resolve("m"), Device.CPU, DType.BF16)) {
            List<int[]> prompts = List.of(new int[] {1, 2, 3}, new int[] {4});
            List<Generation.Completion> texts = new Generator(half.decoder(), 2)
                    .generate(prompts.stream()
                            .map(prompt -> Generation.greedy(prompt, NEW, Set.of()))
                            .toList());
            for (int i = 0; i < prompts.size(); i++) {
                int prompt = prompts.get(i).length;
                int[] ids = Arrays.copyOf(prompts.get(i), prompt + NEW);
                for (int n = 0; n < NEW; n++) {
                    ids[prompt + n] = texts.get(i).ids()[n];
                }
                for (int n = prompt; n < ids.length; n++) {
                    assertThat(belowTheBest(half, Arrays.copyOf(ids, n), ids[n]))
                            .as("text %d, token %d", i, n - prompt)
                            .isLessThan(0.1); // a token drawn at random lies two or three deviations below the best
                }
            }
        }
    }

    /** How far the next token's logit lies below the largest one, in standard deviations of all logits. */
    private static double belowTheBest(LanguageModel model, int[] before, int next) {
        try (Scope _ = Scope.open()) {
            float[] all = logits(model, Packed.of(List.of(before)));
            float[] last = Arrays.copyOfRange(all, all.length - model.config().vocabSize(), all.length);
            double best = Double.NEGATIVE_INFINITY;
            double sum = 0;
            double squares = 0;
            for (float logit : last) {
                best = Math.max(best, logit);
                sum += logit;
                squares += (double) logit * logit;
            }
            double mean = sum / last.length;
            return (best - last[next]) / Math.sqrt(squares / last.length - mean * mean);
        }
    }

    private static float[] logits(LanguageModel model, Packed batch) {
        return model.decoder().logits(model.decoder().hidden(batch)).toFloats();
    }

    @Test
    void a_device_that_is_not_there_is_told_in_words() {
        assertThat(Device.named("cpu")).isEqualTo(Device.CPU);
        assertThatThrownBy(() -> Device.named("tpu"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("cuda:N");
        Assumptions.assumeFalse(LibTorch.cudaIsAvailable());
        assertThatThrownBy(() -> Device.named("cuda:0"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("-Pcuda");
    }

    @Test
    void on_a_gpu_the_model_computes_what_it_does_on_the_cpu() {
        Assumptions.assumeTrue(LibTorch.cudaIsAvailable(), "no CUDA device");
        ModelConfig config = Configs.qwen2();
        try (LanguageModel model = LanguageModel.create(config, 3)) {
            model.save(folder.resolve("m"), DType.F32, null);
            try (LanguageModel there = LanguageModel.load(folder.resolve("m"), Device.named("cuda:0"), DType.F32);
                    Scope _ = Scope.open()) {
                Packed batch = Packed.of(DecoderTest.sequences(config, 9, 4, 7));
                assertThat(logits(there, batch))
                        .containsExactly(logits(model, batch), org.assertj.core.api.Assertions.within(1e-3f));
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void what_lies_there_instead_of_weights_is_named() throws IOException {
        Files.writeString(
                folder.resolve("config.json"), Configs.json("Qwen2ForCausalLM").toString());
        Files.write(folder.resolve("pytorch_model.bin"), new byte[] {1});
        assertThatThrownBy(() -> LanguageModel.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("pytorch_model.bin")
                .hasMessageContaining("safetensors");
        Files.delete(folder.resolve("config.json"));
        Files.writeString(folder.resolve("adapter_config.json"), "{}");
        assertThatThrownBy(() -> LanguageModel.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("adapter");
    }

    @Test
    void copies_in_the_type_of_the_products_follow_every_change_of_a_weight() {
        ModelConfig config = Configs.qwen2();
        try (LanguageModel model = LanguageModel.create(config, 3);
                Scope _ = Scope.open()) {
            Decoder mixed = model.decoder().computing(DType.BF16);
            Tensor output = model.decoder().output();
            assertThat(mixed.outputForProducts().toFloats())
                    .isEqualTo(output.to(DType.BF16).toFloats());
            output.mul_(2);
            assertThat(mixed.outputForProducts().toFloats())
                    .isEqualTo(output.to(DType.BF16).toFloats());
            Tensor zero = Tensors.zerosLike(output);
            Foreach.adamw_(
                    new Foreach.AdamW(0.1, 0.9, 0.99, 1e-8, 0.5),
                    List.of(output),
                    List.of(zero.add(1)),
                    List.of(zero),
                    List.of(zero.copy()),
                    List.of(Tensors.full(1, DType.F32)));
            assertThat(mixed.outputForProducts().toFloats())
                    .isEqualTo(output.to(DType.BF16).toFloats());
            mixed.closeCopies();
            assertThat(mixed.outputForProducts().toFloats())
                    .isEqualTo(output.to(DType.BF16).toFloats());
            mixed.closeCopies();
        }
    }
}
