package cogent.model.generate;

import java.util.Arrays;

/**
 * How the next token is drawn from a model's probabilities. The filters apply in Hugging Face's order: repetition
 * penalty, temperature, top-k, top-p, min-p.
 *
 * @param temperature divides the logits; 0 takes the most probable token
 * @param topK only the k most probable; 0 = all
 * @param topP only the most probable that together reach this share, at least one; 1 = all (Holtzman et al., 2020)
 * @param minP only those with at least this share of the most probable one's probability; 0 = all
 * @param repetitionPenalty logits of tokens that the prompt or the text has already are divided by it where positive and
 *     multiplied where negative (Keskar et al., 2019); 1 = off
 */
public record Sampler(double temperature, int topK, double topP, double minP, double repetitionPenalty) {
    public static final Sampler GREEDY = new Sampler(0, 0, 1, 0);

    public Sampler {
        if (!(temperature >= 0) || !Double.isFinite(temperature)) {
            throw new IllegalArgumentException("temperature must be 0 or more: " + temperature);
        }
        if (topK < 0) {
            throw new IllegalArgumentException("top-k must be 0 (off) or more: " + topK);
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("top-p must be above 0 and at most 1: " + topP);
        }
        if (!(minP >= 0 && minP <= 1)) {
            throw new IllegalArgumentException("min-p must be from 0 to 1: " + minP);
        }
        if (!(repetitionPenalty > 0) || !Double.isFinite(repetitionPenalty)) {
            throw new IllegalArgumentException("repetition penalty must be above 0: " + repetitionPenalty);
        }
    }

    /** Without repetition penalty. */
    public Sampler(double temperature, int topK, double topP, double minP) {
        this(temperature, topK, topP, minP, 1);
    }

    /** Plain sampling at a temperature. */
    public static Sampler at(double temperature) {
        return new Sampler(temperature, 0, 1, 0);
    }

    public boolean isGreedy() {
        return temperature == 0;
    }

    /**
     * Draws one token by inverting the cumulative distribution.
     *
     * @param p probabilities, temperature applied; row {@code [from, from + size)}
     * @param uniform in [0, 1)
     * @return a token id from 0 to {@code size - 1}
     */
    int draw(float[] p, int from, int size, double uniform) {
        if (topK == 0 && topP == 1 && minP == 0) {
            return invert(p, from, size, uniform);
        }
        int[] ids = topK > 0 && topK < size ? mostProbable(p, from, size, topK) : candidates(p, from, size);
        float[] kept = new float[ids.length];
        double total = 0;
        for (int i = 0; i < ids.length; i++) {
            kept[i] = p[from + ids[i]];
            total += kept[i];
        }
        double reach = topP * (topK > 0 ? total : sum(p, from, size));
        double sum = 0;
        int n = 0;
        while (n < ids.length && (n == 0 || (sum < reach && kept[n] >= minP * kept[0]))) {
            sum += kept[n++];
        }
        return ids[invert(kept, 0, n, uniform)];
    }

    private static int invert(float[] p, int from, int size, double uniform) {
        double left = uniform * sum(p, from, size);
        int last = 0;
        for (int i = 0; i < size; i++) {
            if (p[from + i] > 0) {
                last = i;
                left -= p[from + i];
                if (left < 0) {
                    break;
                }
            }
        }
        return last;
    }

    private static double sum(float[] p, int from, int size) {
        double sum = 0;
        for (int i = from; i < from + size; i++) {
            sum += p[i];
        }
        return sum;
    }

    /** Most probable first: all that top-p or min-p could keep. */
    private int[] candidates(float[] p, int from, int size) {
        float largest = 0;
        for (int i = from; i < from + size; i++) {
            largest = Math.max(largest, p[i]);
        }
        // tokens below this share cannot add up to what top-p leaves out, so the nucleus does without them
        double floor = Math.max(minP * largest, topP == 1 ? 0 : (1 - topP) / size * 0.999);
        int[] ids = new int[size];
        int n = 0;
        for (int i = 0; i < size; i++) {
            if (p[from + i] >= floor) {
                ids[n++] = i;
            }
        }
        return descending(p, from, Arrays.copyOf(ids, n));
    }

    /** The k largest through a heap whose root is the smallest kept. */
    private static int[] mostProbable(float[] p, int from, int size, int k) {
        int[] heap = new int[k];
        for (int i = 0; i < k; i++) {
            heap[i] = i;
        }
        for (int i = k / 2 - 1; i >= 0; i--) {
            sink(p, from, heap, i);
        }
        for (int i = k; i < size; i++) {
            if (p[from + i] > p[from + heap[0]]) {
                heap[0] = i;
                sink(p, from, heap, 0);
            }
        }
        return descending(p, from, heap);
    }

    private static void sink(float[] p, int from, int[] heap, int at) {
        while (2 * at + 1 < heap.length) {
            int child = 2 * at + 1;
            if (child + 1 < heap.length && p[from + heap[child + 1]] < p[from + heap[child]]) {
                child++;
            }
            if (p[from + heap[at]] <= p[from + heap[child]]) {
                return;
            }
            int moved = heap[at];
            heap[at] = heap[child];
            heap[child] = moved;
            at = child;
        }
    }

    /** By probability, then by id. */
    private static int[] descending(float[] p, int from, int[] ids) {
        long[] keys = new long[ids.length];
        for (int i = 0; i < ids.length; i++) {
            // probabilities are not negative: their bits are in their order
            keys[i] = (long) ~Float.floatToIntBits(p[from + ids[i]]) << 32 | ids[i];
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }
}
