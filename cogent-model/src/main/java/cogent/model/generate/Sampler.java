package cogent.model.generate;

/**
 * How the next token is drawn from a model's probabilities. What changes them applies in Hugging Face's order: penalties,
 * temperature, top-k, top-p, min-p.
 *
 * @param temperature divides the logits; 0, and what is as good as 0, takes the most probable token
 * @param topK only the k most probable; 0 = all
 * @param topP only the most probable that together reach this share, at least one; 1 = all (Holtzman et al., 2020)
 * @param minP only those with at least this share of the most probable one's probability; 0 = all
 */
public record Sampler(double temperature, int topK, double topP, double minP, Penalties penalties) {
    public static final Sampler GREEDY = new Sampler(0, 0, 1, 0);

    /** Below it logits divided by the temperature may be infinite in F32; far above it one token has all the probability. */
    private static final double LEAST_TEMPERATURE = 1e-30;

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
    }

    /** Without penalties. */
    public Sampler(double temperature, int topK, double topP, double minP) {
        this(temperature, topK, topP, minP, Penalties.NONE);
    }

    /** Plain sampling at a temperature. */
    public static Sampler at(double temperature) {
        return new Sampler(temperature, 0, 1, 0);
    }

    public boolean isGreedy() {
        return temperature < LEAST_TEMPERATURE;
    }

    /** Whether every token may come. */
    boolean isOpen() {
        return topK == 0 && topP == 1 && minP == 0;
    }
}
