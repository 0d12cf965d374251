package cogent.model.hf;

/**
 * Constants of the model's arithmetic.
 *
 * @param embedding factor on the rows of the embedding (Gemma 3: √hidden size; Granite)
 * @param attention factor on the products of queries and keys, 1/√headDim unless a config says otherwise
 * @param residual factor on what a half of a layer adds to the stream (Granite)
 * @param logits factor on the logits (Granite)
 */
public record Multipliers(double embedding, double attention, double residual, double logits) {
    static Multipliers plain(int headDim) {
        return new Multipliers(1, Math.pow(headDim, -0.5), 1, 1);
    }
}
