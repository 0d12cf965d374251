package cogent.model.generate;

import cogent.model.decoder.Attention;
import cogent.model.decoder.CachedAttention;
import cogent.model.decoder.Decoder;
import cogent.model.decoder.DirectStep;
import cogent.model.decoder.KvCache;
import cogent.model.tensor.DType;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * Computes the texts alone, and attends no further than they reach: the least work, in new shapes every time.
 *
 * @param direct by addresses, where the decoder is one for it
 */
record GrowingStep(Decoder decoder, @Nullable DirectStep direct) implements DecodingStep {
    /** @param room bytes for packed weights */
    static GrowingStep of(Decoder decoder, long room) {
        return new GrowingStep(decoder, DirectStep.fits(decoder, room) ? DirectStep.of(decoder, room) : null);
    }

    @Override
    public Tensor logits(KvCache cache, int[] ids, int[] positions) {
        if (direct != null) {
            return direct.logits(cache, ids, positions);
        }
        Attention attention = CachedAttention.reaching(decoder.heads(), cache, positions);
        Tensor x =
                decoder.embed(Tensors.of(ids, ids.length).to(decoder.embedding().device(), DType.I64));
        return decoder.logits(decoder.norm(decoder.blocks(x, attention)));
    }

    @Override
    public void close() {
        if (direct != null) {
            direct.close();
        }
    }
}
