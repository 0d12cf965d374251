package cogent.model.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cogent.data.InputException;
import cogent.model.hf.Configs;
import cogent.model.hf.Safetensors;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoraTest {
    private static final Lora.Settings SETTINGS =
            new Lora.Settings(3, 6, false, 0, Set.of("q_proj", "v_proj", "down_proj"));

    @TempDir
    private Path folder;

    @Test
    void a_new_adapter_changes_nothing_and_a_trained_one_only_its_own_decoder() {
        try (LanguageModel model = LanguageModel.create(Configs.qwen3(), 1);
                Lora lora = Lora.create(model, SETTINGS, 1);
                Scope _ = Scope.open()) {
            float[] base = states(model.decoder());
            assertThat(states(lora.decoder())).containsExactly(base, within(1e-6f));
            disturb(lora);
            assertThat(difference(states(lora.decoder()), base)).isGreaterThan(1e-2);
            assertThat(states(model.decoder())).isEqualTo(base);
        }
    }

    @Test
    void merged_equals_adapted() {
        for (Lora.Settings settings : List.of(SETTINGS, new Lora.Settings(4, 2, true, 0, Lora.Settings.ALL_LINEAR))) {
            try (LanguageModel model = LanguageModel.create(Configs.llama3(), 1);
                    Lora lora = Lora.create(model, settings, 1);
                    Scope _ = Scope.open()) {
                disturb(lora);
                var adapted = states(lora.decoder());
                lora.merge();
                assertThat(difference(states(model.decoder()), adapted)).isLessThan(1e-4);
            }
        }
    }

    @Test
    void only_the_adapter_gets_gradients() {
        try (LanguageModel model = LanguageModel.create(Configs.qwen2(), 1);
                Lora lora = Lora.create(model, SETTINGS, 1);
                Scope _ = Scope.open()) {
            disturb(lora);
            for (boolean recompute : new boolean[] {false, true}) {
                ForwardPass.of(lora.decoder(), batch(), recompute ? 1 : 0).backward(Tensors.randn(1, 7, 16));
            }
            assertThat(lora.parameters().values()).allMatch(Tensor::hasGrad);
            assertThat(model.parameters().values()).noneMatch(Tensor::hasGrad);
        }
    }

    @Test
    void saved_and_loaded_is_the_same_adapter_under_pefts_names() throws IOException {
        try (LanguageModel model = LanguageModel.create(Configs.qwen2(), 1);
                Lora lora = Lora.create(model, SETTINGS, 1);
                Scope _ = Scope.open()) {
            disturb(lora);
            lora.save(folder, "base");
            assertThat(Safetensors.open(folder.resolve("adapter_model.safetensors"))
                            .entries())
                    .hasSize(2 * 3 * 2)
                    .containsKey("base_model.model.model.layers.1.mlp.down_proj.lora_B.weight");
            try (Lora loaded = Lora.load(model, folder)) {
                assertThat(loaded.settings()).isEqualTo(SETTINGS);
                assertThat(states(loaded.decoder())).isEqualTo(states(lora.decoder()));
            }
            Path config = folder.resolve("adapter_config.json");
            String good = Files.readString(config);
            // keys that PEFT writes by the dozen and that change nothing here
            Files.writeString(
                    config,
                    good.replace(
                            "\"r\"",
                            "\"use_dora\" : false, \"modules_to_save\" : null, \"rank_pattern\" : {}, \"revision\" : null,"
                                    + " \"init_lora_weights\" : true, \"auto_mapping\" : null, \"r\""));
            Lora.load(model, folder).close();
            for (String bad : List.of(
                    good.replace("LORA", "IA3"),
                    good.replace("\"none\"", "\"all\""),
                    good.replace("\"r\"", "\"use_dora\" : true, \"r\""),
                    good.replace("\"r\"", "\"modules_to_save\" : [\"lm_head\"], \"r\""),
                    good.replace("\"r\"", "\"layers_to_transform\" : [0], \"r\""),
                    good.replace("\"r\"", "\"init_lora_weights\" : \"pissa_niter_16\", \"r\""),
                    good.replace("\"r\" : 3", "\"r\" : 4"),
                    good.replace("q_proj", "k_proj"),
                    good.replace("q_proj", "router"))) {
                Files.writeString(config, bad);
                assertThatThrownBy(() -> Lora.load(model, folder)).isInstanceOf(InputException.class);
            }
        }
    }

    private static void disturb(Lora lora) {
        int seed = 0;
        for (Tensor t : lora.parameters().values()) {
            t.detach().add_(Tensors.randn(seed++, t.shape()), 0.2);
        }
    }

    private static Packed batch() {
        return Packed.of(List.of(new int[] {1, 2, 3, 4}, new int[] {5, 6, 7}));
    }

    private static float[] states(Decoder decoder) {
        return decoder.hidden(batch()).toFloats();
    }

    private static double difference(float[] a, float[] b) {
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]));
        }
        return largest;
    }

    @Test
    void layers_that_lie_in_one_matrix_are_meant_together_or_refused() {
        try (LanguageModel phi = LanguageModel.create(Configs.phi3(), 1);
                Lora all = Lora.create(phi, settings(Lora.Settings.ALL_LINEAR), 1);
                Lora fused = Lora.create(phi, settings(Set.of("qkv_proj")), 1)) {
            assertThat(all.settings().targets())
                    .containsExactlyInAnyOrder("qkv_proj", "o_proj", "gate_up_proj", "down_proj");
            assertThat(fused.parameters()).hasSize(2 * phi.config().layers());
            assertThatThrownBy(() -> Lora.create(phi, settings(Set.of("q_proj", "v_proj")), 1))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("q_proj, k_proj, v_proj in qkv_proj; name all of them");
        }
    }

    @Test
    void an_adapter_lies_on_the_attention_of_a_mixture_and_on_no_expert() {
        try (LanguageModel mixture = LanguageModel.create(Configs.qwen3Moe(), 1);
                Lora attention = Lora.create(mixture, settings(Set.of("q_proj", "o_proj")), 1)) {
            assertThat(attention.parameters()).hasSize(4 * mixture.config().layers());
            assertThatThrownBy(() -> Lora.create(mixture, settings(Lora.Settings.ALL_LINEAR), 1))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("no adapter lies on experts");
        }
    }

    private static Lora.Settings settings(Set<String> targets) {
        return new Lora.Settings(2, 4, false, 0, targets);
    }
}
