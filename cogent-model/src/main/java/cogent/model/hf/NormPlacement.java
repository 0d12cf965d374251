package cogent.model.hf;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which ends of a layer's two halves are normalised, and what Hugging Face calls the norms there. */
public enum NormPlacement {
    /** What attention and the feed-forward part read. */
    BEFORE("input_layernorm", null, "post_attention_layernorm", null),
    /** What they add to the stream (OLMo 2). */
    AFTER(null, "post_attention_layernorm", null, "post_feedforward_layernorm"),
    /** Both (Gemma 3). */
    BOTH("input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm", "post_feedforward_layernorm");

    private final @Nullable String beforeAttention;
    private final @Nullable String afterAttention;
    private final @Nullable String beforeMlp;
    private final @Nullable String afterMlp;

    NormPlacement(
            @Nullable String beforeAttention,
            @Nullable String afterAttention,
            @Nullable String beforeMlp,
            @Nullable String afterMlp) {
        this.beforeAttention = beforeAttention;
        this.afterAttention = afterAttention;
        this.beforeMlp = beforeMlp;
        this.afterMlp = afterMlp;
    }

    /** The name of the norm of what attention reads, if there is one. */
    public @Nullable String beforeAttention() {
        return beforeAttention;
    }

    /** The name of the norm of what attention adds, if there is one. */
    public @Nullable String afterAttention() {
        return afterAttention;
    }

    /** The name of the norm of what the feed-forward part reads, if there is one. */
    public @Nullable String beforeMlp() {
        return beforeMlp;
    }

    /** The name of the norm of what the feed-forward part adds, if there is one. */
    public @Nullable String afterMlp() {
        return afterMlp;
    }

    /** All that there are. */
    Stream<String> names() {
        return Stream.of(beforeAttention, afterAttention, beforeMlp, afterMlp).flatMap(Stream::ofNullable);
    }
}
