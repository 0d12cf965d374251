package cogent.pipeline.plan;

import cogent.pipeline.run.Elapsed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a stage will take, or took.
 *
 * @param work what there is to do, or what came of it
 * @param numbers by name, as far as they can be told: {@code rows}, {@code calls}, {@code tokens_in}, {@code tokens_out},
 *     {@code cost}, {@code steps}, {@code tokens}, {@code memory_bytes}, {@code seconds}
 */
record Estimate(String work, SequencedMap<String, Number> numbers) {
    /**
     * Share of the matrix-product peak that a training step or a long prompt reaches, where this run has not measured its
     * own: the playground's student reached 0.48 to 0.57.
     */
    static final double OF_PEAK = 0.5;
    /** What the JVM and libtorch take before a model is loaded; measured with a model of 0.8 M parameters. */
    static final double PROCESS_BYTES = 0.6 * (1L << 30);

    static Estimate of(String work) {
        return new Estimate(work, new LinkedHashMap<>());
    }

    Estimate with(String name, double number) {
        SequencedMap<String, Number> more = new LinkedHashMap<>(numbers);
        more.put(name, number == Math.rint(number) || number >= 1e3 ? (Number) Math.round(number) : number);
        return new Estimate(work, more);
    }

    /** How much, in a few words. */
    String amount() {
        List<String> parts = new ArrayList<>();
        add(parts, "%s tokens in", big(numbers.get("tokens_in")));
        add(parts, "%s out", big(numbers.get("tokens_out")));
        add(parts, "cost %s", fixed(numbers.get("cost"), 1, 2));
        add(parts, "%s tokens", big(numbers.get("tokens")));
        add(parts, "%s GiB", fixed(numbers.get("memory_bytes"), 1L << 30, 1));
        Number seconds = numbers.get("seconds");
        add(parts, "%s", seconds == null ? null : time(seconds.doubleValue()));
        return String.join(" · ", parts);
    }

    private static void add(List<String> parts, String format, @Nullable String value) {
        if (value != null) {
            parts.add(format.formatted(value));
        }
    }

    private static @Nullable String fixed(@Nullable Number n, double unit, int places) {
        return n == null ? null : String.format(Locale.ROOT, "%." + places + "f", n.doubleValue() / unit);
    }

    static @Nullable String big(@Nullable Number n) {
        if (n == null) {
            return null;
        }
        double v = n.doubleValue();
        return v >= 1e9
                ? String.format(Locale.ROOT, "%.1f B", v / 1e9)
                : v >= 1e6 ? String.format(Locale.ROOT, "%.1f M", v / 1e6) : String.format(Locale.ROOT, "%,.0f", v);
    }

    private static String time(double seconds) {
        return Elapsed.text(Duration.ofMillis(Math.round(seconds * 1e3)));
    }
}
