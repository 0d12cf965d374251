package cogent.model.hf;

import java.util.List;

/** Whether the projections of one input lie in matrices of their own or in one, and what Hugging Face calls them. */
public enum Projections {
    SEPARATE,
    /** Phi-3. */
    FUSED;

    /** Queries, keys and values, in {@code self_attn}. */
    public List<String> qkv() {
        return this == FUSED ? List.of("qkv_proj") : List.of("q_proj", "k_proj", "v_proj");
    }

    /** Gate and up, in {@code mlp}. */
    public List<String> gateUp() {
        return this == FUSED ? List.of("gate_up_proj") : List.of("gate_proj", "up_proj");
    }
}
