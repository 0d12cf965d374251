package cogent.model.hf;

import cogent.data.InputException;
import java.util.Arrays;
import java.util.List;

/**
 * Rotary positions (Su et al., 2021) with the scalings that long contexts use: pair i of a head turns by
 * {@code frequencies[i]} radians for every position. What of a head is beyond these pairs is left as it is.
 *
 * @param frequencies one for every pair that turns
 * @param scale factor on cosine and sine (YaRN's attention factor), else 1
 * @param positions how many it holds for
 */
public record Rope(List<Double> frequencies, double scale, int positions) {
    /** Positions are not told (NoPE). */
    public static final Rope NONE = new Rope(List.of(), 1, Integer.MAX_VALUE);

    public Rope {
        frequencies = List.copyOf(frequencies);
    }

    /**
     * @param maxPositions of the config
     * @throws InputException for a kind of scaling that is not supported
     */
    static Rope of(RopeSettings settings, int headDim, int maxPositions) {
        int turned = settings.turned(headDim);
        double[] plain = settings.frequencies(turned);
        return switch (settings.type()) {
            case "default" -> rope(plain, 1);
            case "linear" -> rope(divided(plain, settings.values().positive("factor")), 1);
            case "llama3" -> rope(llama3(plain, settings, maxPositions), 1);
            case "yarn" -> yarn(plain, settings, turned, maxPositions);
            case "longrope" -> longrope(plain, settings, maxPositions);
            default ->
                throw new InputException("rope_type " + settings.type()
                        + " is not supported; supported are default, linear, llama3, longrope and yarn");
        };
    }

    /** Llama 3.1: long waves are slowed by the factor, short ones kept, those between blended. */
    private static double[] llama3(double[] plain, RopeSettings settings, int maxPositions) {
        ConfigValues scaling = settings.values();
        double factor = scaling.positive("factor");
        double low = scaling.positive("low_freq_factor");
        double high = scaling.positive("high_freq_factor");
        double original = settings.originalPositions(maxPositions);
        if (high <= low) {
            throw scaling.wrong("high_freq_factor", "above low_freq_factor " + low);
        }
        double[] scaled = new double[plain.length];
        for (int i = 0; i < plain.length; i++) {
            double turns = original * plain[i] / (2 * Math.PI);
            double keep = Math.clamp((turns - low) / (high - low), 0, 1);
            scaled[i] = (1 - keep) * plain[i] / factor + keep * plain[i];
        }
        return scaled;
    }

    /**
     * LongRoPE (Ding et al., 2024) has frequencies for texts within the original context and others for longer ones. These are
     * the former; the latter would turn the whole text anew when it grows beyond.
     */
    private static Rope longrope(double[] plain, RopeSettings settings, int maxPositions) {
        List<Double> factors = settings.values().numbers("short_factor", plain.length);
        double[] scaled = new double[plain.length];
        for (int i = 0; i < plain.length; i++) {
            scaled[i] = plain[i] / factors.get(i);
        }
        double original = settings.originalPositions(maxPositions);
        double factor = settings.values().positive("factor", maxPositions / original);
        double attention = settings.values()
                .positive("attention_factor", factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original)));
        return new Rope(boxed(scaled), attention, (int) original);
    }

    /** YaRN (Peng et al., 2023): interpolates the pairs that turn rarely within the original context. */
    private static Rope yarn(double[] plain, RopeSettings settings, int turned, int maxPositions) {
        ConfigValues scaling = settings.values();
        double original = settings.originalPositions(maxPositions);
        double factor = scaling.positive("factor", maxPositions / original);
        double low = pairThatTurns(scaling.positive("beta_fast", 32), turned, settings.theta(), original);
        double high = pairThatTurns(scaling.positive("beta_slow", 1), turned, settings.theta(), original);
        if (scaling.flag("truncate", true)) {
            low = Math.floor(low);
            high = Math.ceil(high);
        }
        low = Math.max(low, 0);
        high = Math.min(high, turned - 1);
        double width = high == low ? 0.001 : high - low;
        double[] scaled = new double[plain.length];
        for (int i = 0; i < plain.length; i++) {
            double interpolate = Math.clamp((i - low) / width, 0, 1);
            scaled[i] = plain[i] / factor * interpolate + plain[i] * (1 - interpolate);
        }
        double attention = scaling.has("attention_factor")
                ? scaling.positive("attention_factor")
                : scaling.number("mscale", 0) > 0 && scaling.number("mscale_all_dim", 0) > 0
                        ? mscale(factor, scaling.positive("mscale"))
                                / mscale(factor, scaling.positive("mscale_all_dim"))
                        : mscale(factor, 1);
        return rope(scaled, attention);
    }

    private static double pairThatTurns(double times, int turned, double theta, double positions) {
        return turned * Math.log(positions / (times * 2 * Math.PI)) / (2 * Math.log(theta));
    }

    private static double mscale(double factor, double weight) {
        return factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1;
    }

    private static double[] divided(double[] values, double by) {
        return Arrays.stream(values).map(v -> v / by).toArray();
    }

    private static Rope rope(double[] frequencies, double scale) {
        return new Rope(boxed(frequencies), scale, Integer.MAX_VALUE);
    }

    private static List<Double> boxed(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }
}
