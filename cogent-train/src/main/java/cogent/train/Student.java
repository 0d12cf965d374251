package cogent.train;

import cogent.tensor.Tensor;
import java.util.Map;

/** What training needs of a decoder-only language model. */
public interface Student {
    /** The parameters by their Hugging Face names, F32, long-lived, requiring gradients; tied ones once. */
    Map<String, Tensor> parameters();

    /** The token embedding {@code [vocab, d]}. */
    Tensor embedding();

    /** The output matrix {@code [vocab, d]}; the embedding itself where tied. */
    Tensor output();

    /**
     * Hidden states after the final norm.
     *
     * @param embedded {@code [tokens, d]}: embedded sequences end to end
     * @param lengths tokens of each sequence; none sees another
     */
    Tensor hidden(Tensor embedded, int[] lengths);
}
