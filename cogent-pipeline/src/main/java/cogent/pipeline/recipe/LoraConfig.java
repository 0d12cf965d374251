package cogent.pipeline.recipe;

import static cogent.data.InputException.require;

import cogent.model.decoder.Lora;
import cogent.pipeline.keys.Key;
import java.util.List;
import java.util.Set;

/** A low-rank adapter in place of the weights; rank 0: none. */
public record LoraConfig(
        @Key(
                doc = "0 = no adapter; 8 to 64 are usual",
                def = "0",
                range = "[0,)",
                aka = {"r", "lora_r", "lora_rank"})
        int rank,

        @Key(
                doc = "weight of the adapter is alpha/rank, with rslora alpha/sqrt(rank)",
                def = "16",
                range = "(0,)",
                aka = "lora_alpha")
        double alpha,

        @Key(doc = "of the adapter's inputs, in training", def = "0.0", range = "[0,1)", aka = "lora_dropout")
        double dropout,

        @Key(
                doc = "rank-stabilised scaling",
                def = "false",
                aka = {"use_rslora", "peft_use_rslora"})
        boolean rslora,

        @Key(
                doc = "the linear layers that get one",
                def = "[q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj]",
                aka = {"target_modules", "lora_target", "lora_target_modules"})
        List<String> targets) {
    public LoraConfig {
        require(
                !targets.isEmpty() && Lora.Settings.NAMES.containsAll(targets),
                "targets are some of "
                        + String.join(
                                ", ", Lora.Settings.NAMES.stream().sorted().toList()) + ", not " + targets);
        require(
                rank > 0
                        || (alpha == 16
                                && dropout == 0
                                && !rslora
                                && Set.copyOf(targets).equals(Lora.Settings.ALL_LINEAR)),
                "rank is 0, which is no adapter, so that its other keys mean nothing: set lora.rank (8 to 64 are usual), or"
                        + " leave them out");
    }

    /** Of an adapter; the rank is not 0. */
    public Lora.Settings settings() {
        return new Lora.Settings(rank, alpha, rslora, dropout, Set.copyOf(targets));
    }
}
