package cogent.model.generate;

import cogent.model.decoder.KvCache;
import cogent.model.tensor.Tensor;

/** One step of all texts under way. */
interface DecodingStep {
    /**
     * What each text may go on with, in the open scope, until the next step.
     *
     * @param ids the newest token of the slots 0, 1, …
     * @param positions where it stands
     * @return {@code [texts, vocab]}
     */
    Tensor logits(KvCache cache, int[] ids, int[] positions);

    /** Frees what it kept from step to step. */
    void close();
}
