package cogent.train.forward;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.train.Oracle;
import org.junit.jupiter.api.Test;

class WorkTest {
    private static final ModelConfig CONFIG = ModelConfig.of(Oracle.JSON.readTree("""
            {"architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "vocab_size": 32, "hidden_size": 16,
             "intermediate_size": 24, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
             "rms_norm_eps": 1e-6, "tie_word_embeddings": true, "hidden_act": "silu"}
            """));

    @Test
    void an_adapter_computes_no_gradients_of_the_weights_that_stay() {
        Work products = new Work(1000, 0, 100);
        assertThat(products.flops(CONFIG, 0)).isEqualTo(products.flops(CONFIG) / 3 * 2);
        Work attention = new Work(0, 1000, 0);
        assertThat(attention.flops(CONFIG, 0)).isEqualTo(attention.flops(CONFIG));
    }

    @Test
    void more_than_the_measured_limit_raises_it_and_no_share_is_above_1() {
        double limit = GemmPeak.flops(Device.CPU, DType.BF16);
        assertThat(GemmPeak.share(limit / 2, Device.CPU, DType.BF16)).isEqualTo(0.5);
        assertThat(GemmPeak.share(1000 * limit, Device.CPU, DType.BF16)).isEqualTo(1);
        assertThat(GemmPeak.share(500 * limit, Device.CPU, DType.BF16)).isEqualTo(0.5);
    }
}
