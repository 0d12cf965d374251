package cogent.model.generate;

import cogent.model.tensor.DType;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Draws a token of each row on the device, by inverting the cumulative distribution of what its sampler leaves. What a row
 * draws is decided by its own logits and its own number in [0, 1): not by the rows beside it.
 */
final class TokenDraws {
    /** So small that no number in [0, 1) reaches 1 by rounding. */
    private static final double BELOW_ONE = 1 - 0x1p-50;

    /** A share of a probability, for every id before a token, that is lost in single precision. */
    private static final double BEFORE = 0x1p-50;

    /** Probabilities that are added up at once where a token is drawn from very many. */
    private static final long BLOCK = 512;

    /** From so many on their memory takes longer than more operators do. */
    private static final long MANY = 1 << 23;

    /** Of so many of the most probable tokens top-p and min-p choose, as a rule. */
    private static final int RANKED = 256;

    /** Bits of a float below 2, without its sign. */
    private static final int BITS = 30;

    /**
     * @param ids I64 {@code [rows]}
     * @param whole BOOL {@code [rows]}: whether the tokens that were ranked are all that could come; none where all are
     */
    record Drawn(Tensor ids, @Nullable Tensor whole) {}

    private TokenDraws() {}

    /**
     * @param logits {@code [rows, vocab]}, penalties applied
     * @param uniforms in [0, 1), one for each row
     */
    static Drawn of(Tensor logits, List<Sampler> samplers, double[] uniforms) {
        int[] open = where(samplers, s -> !s.isGreedy() && s.isOpen());
        if (open.length == samplers.size()) {
            Tensor settings = settings(open, samplers, uniforms, logits);
            return new Drawn(drawn(softmax(logits, settings), settings.select(1, 4)), null);
        }
        Tensor best = logits.argmax(1);
        int[] cut = where(samplers, s -> !s.isGreedy() && !s.isOpen());
        if (open.length > 0) {
            Tensor rows = index(open, logits);
            Tensor settings = settings(open, samplers, uniforms, logits);
            best.indexCopy_(0, rows, drawn(probabilities(logits, rows, settings), settings.select(1, 4)));
        }
        if (cut.length == 0) {
            return new Drawn(best, null);
        }
        Tensor rows = index(cut, logits);
        Tensor settings = settings(cut, samplers, uniforms, logits);
        int ranked = samplers.stream().mapToInt(Sampler::topK).reduce(RANKED, Math::max);
        Drawn some = amongRanked(
                probabilities(logits, rows, settings).to(DType.F64), settings, Math.min(ranked, logits.size(1)));
        best.indexCopy_(0, rows, some.ids());
        Tensor whole = some.whole();
        return new Drawn(
                best, whole == null ? null : Tensors.zerosLike(best).eq(0).indexCopy_(0, rows, whole));
    }

    /**
     * The tokens of rows whose top-p or min-p reaches beyond the ranked ones, drawn in the order of ids.
     *
     * @param rows those, without top-k or with one beyond the vocabulary
     * @return I64 {@code [rows given]}
     */
    static Tensor beyondRanked(Tensor logits, List<Sampler> samplers, double[] uniforms, int[] rows) {
        Tensor settings = settings(rows, samplers, uniforms, logits);
        Tensor p = probabilities(logits, index(rows, logits), settings);
        Tensor kept = nucleus(p, settings.narrow(1, 2, 1));
        Tensor floor = p.max(1, true).to(DType.F64).mul(settings.narrow(1, 3, 1));
        return drawn(p.mul(kept.and(p.to(DType.F64).ge(floor))), settings.select(1, 4));
    }

    /**
     * Which tokens sorting by probability keeps until they reach their share of all, without sorting: the least probability among them is
     * found by bisection over its bits, and of equal ones the first come first.
     *
     * @param p F32 {@code [rows, vocab]}, at least 0 and below 2
     * @param share F64 {@code [rows, 1]}
     * @return BOOL {@code [rows, vocab]}
     */
    static Tensor nucleus(Tensor p, Tensor share) {
        Tensor none = Tensors.zerosLike(share);
        Tensor reach = from(p, none.to(DType.F32)).mul(share);
        // bits of a probability from which on tokens reach the share, and of one from which on they do not
        Tensor low = none;
        Tensor high = none.add((double) (1 << BITS));
        for (int i = 0; i < BITS; i++) {
            Tensor middle = low.add(high).mul(0.5);
            Tensor reached = from(p, probability(middle)).ge(reach);
            low = Tensors.where(reached, middle, low);
            high = Tensors.where(reached, high, middle);
        }
        Tensor least = probability(low);
        Tensor above = from(p, probability(high));
        Tensor equal = p.eq(least);
        Tensor before = equal.to(DType.F64).cumsum(1).sub(1);
        Tensor wanted = above.add(before.mul(least.to(DType.F64))).lt(reach);
        return p.gt(least).or(equal.and(wanted));
    }

    private static Tensor probability(Tensor bits) {
        return bits.to(DType.I32).bitsAs(DType.F32);
    }

    /** The sum of the probabilities from a least one on, F64 {@code [rows, 1]}. */
    private static Tensor from(Tensor p, Tensor least) {
        return Scope.of(() -> p.mul(p.ge(least)).sum(1, true, DType.F64));
    }

    private static int[] where(List<Sampler> samplers, Predicate<Sampler> wanted) {
        return IntStream.range(0, samplers.size())
                .filter(i -> wanted.test(samplers.get(i)))
                .toArray();
    }

    private static Tensor index(int[] rows, Tensor like) {
        return Tensors.of(rows, rows.length).to(like.device(), DType.I64);
    }

    /** {@code [rows, 5]}: temperature, top-k (all: the vocabulary), top-p, min-p and the number in [0, 1). */
    private static Tensor settings(int[] rows, List<Sampler> samplers, double[] uniforms, Tensor logits) {
        double[] values = new double[5 * rows.length];
        for (int i = 0; i < rows.length; i++) {
            Sampler sampler = samplers.get(rows[i]);
            values[5 * i] = sampler.temperature();
            values[5 * i + 1] = sampler.topK() == 0 ? logits.size(1) : sampler.topK();
            values[5 * i + 2] = sampler.topP();
            values[5 * i + 3] = sampler.minP();
            values[5 * i + 4] = uniforms[rows[i]] * BELOW_ONE;
        }
        return Tensors.of(values, rows.length, 5).to(logits.device(), DType.F64);
    }

    /** {@code [rows, vocab]} in F32, with the temperature. */
    private static Tensor probabilities(Tensor logits, Tensor rows, Tensor settings) {
        return softmax(rows.size(0) == logits.size(0) ? logits : logits.indexSelect(0, rows), settings);
    }

    private static Tensor softmax(Tensor logits, Tensor settings) {
        Tensor temperature = settings.narrow(1, 0, 1).to(DType.F32);
        return Nn.softmax(logits.to(DType.F32).div(temperature), 1);
    }

    private static Tensor drawn(Tensor p, Tensor uniform) {
        return p.numel() < MANY ? inverted(p.to(DType.F64), uniform) : amongAll(p, uniform);
    }

    /** As {@link #inverted}, of many: blocks of tokens first, then the tokens of one, so that few sums are kept in double precision. */
    static Tensor amongAll(Tensor p, Tensor uniform) {
        long rows = p.size(0);
        long vocab = p.size(1);
        long whole = vocab / BLOCK;
        long rest = vocab - whole * BLOCK;
        Tensor full = p.narrow(1, 0, whole * BLOCK).view(rows, whole, BLOCK).sum(2, false, DType.F64);
        Tensor sums = rest == 0
                ? full
                : Tensors.cat(List.of(full, p.narrow(1, whole * BLOCK, rest).sum(1, true, DType.F64)), 1);
        Tensor upTo = sums.cumsum(1);
        Tensor last = upTo.narrow(1, sums.size(1) - 1, 1);
        Tensor target = last.mul(uniform.unsqueeze(1));
        Tensor block = firstBeyond(upTo, target);
        Tensor before = Tensors.cat(List.of(Tensors.zerosLike(last), upTo), 1).gather(1, block);
        Tensor ids = block.mul(BLOCK).add(Tensors.arange(p.device(), BLOCK).unsqueeze(0));
        Tensor known = ids.minimum(Tensors.zerosLike(ids).add(vocab - 1));
        Tensor within = p.gather(1, known)
                .to(DType.F64)
                .mul(ids.le(known).to(DType.F64)) // none behind the vocabulary
                .cumsum(1);
        Tensor left = target.sub(before).minimum(within.narrow(1, BLOCK - 1, 1).mul(BELOW_ONE));
        return known.gather(1, firstBeyond(within, left)).squeeze(1);
    }

    /** {@code [rows, 1]}: the first place whose sum goes beyond the target; the last where none does, as where a model gives NaN. */
    private static Tensor firstBeyond(Tensor sums, Tensor target) {
        Tensor before = sums.le(target).sum(1, true);
        return before.minimum(Tensors.zerosLike(before).add(sums.size(1) - 1));
    }

    /** The first token with which the sum of the probabilities goes beyond the number's share of them. */
    private static Tensor inverted(Tensor probabilities, Tensor uniform) {
        Tensor sums = probabilities.cumsum(1);
        Tensor target = sums.narrow(1, sums.size(1) - 1, 1).mul(uniform.unsqueeze(1));
        return firstBeyond(sums, target).squeeze(1);
    }

    private static Drawn amongRanked(Tensor probabilities, Tensor settings, long ranked) {
        long vocab = probabilities.size(1);
        Tensor ids = Tensors.arange(vocab).to(probabilities.device(), DType.F64);
        // of equally probable tokens the first one comes first, whatever the device and the batch
        Tensor order = probabilities
                .addcmul(probabilities, ids.mul(-BEFORE).unsqueeze(0))
                .topk(ranked, 1)
                .indices();
        Tensor p = probabilities.gather(1, order);
        Tensor topK = settings.narrow(1, 1, 1);
        Tensor minP = settings.narrow(1, 3, 1);
        Tensor rank = Tensors.arange(ranked).to(p.device(), DType.F64).unsqueeze(0);
        Tensor within = rank.lt(topK);
        Tensor all = probabilities.sum(1, true);
        Tensor total = Tensors.where(
                topK.lt((double) vocab), p.mul(within.to(DType.F64)).sum(1, true), all);
        Tensor reach = total.mul(settings.narrow(1, 2, 1));
        Tensor sums = p.cumsum(1);
        Tensor floor = p.narrow(1, 0, 1).mul(minP);
        Tensor kept = within.and(sums.sub(p).lt(reach)).and(p.ge(floor)).or(rank.lt(1));
        Tensor at = inverted(p.mul(kept.to(DType.F64)), settings.select(1, 4));
        Tensor drawn = order.gather(1, at.unsqueeze(1)).squeeze(1);
        if (vocab <= RANKED) {
            return new Drawn(drawn, null);
        }
        // a row's own reach, whatever the rows beside it want ranked
        Tensor last = p.narrow(1, RANKED - 1, 1);
        Tensor reached = sums.narrow(1, RANKED - 1, 1).ge(reach);
        Tensor whole = topK.lt((double) vocab).or(reached).or(last.lt(floor));
        return new Drawn(drawn, whole.squeeze(1));
    }
}
