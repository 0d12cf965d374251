package cogent.model.hf;

/** What of the queries and keys is normalised before they are turned to their positions. */
public enum QkNorm {
    NONE,
    /** Every head by itself, all with one weight (Qwen3, Gemma 3). */
    HEAD,
    /** All heads together (OLMo 2). */
    PROJECTION;

    /** Elements that are normalised together. */
    long width(long heads, long headDim) {
        return this == HEAD ? headDim : heads * headDim;
    }
}
