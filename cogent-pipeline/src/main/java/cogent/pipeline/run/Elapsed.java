package cogent.pipeline.run;

import java.time.Duration;
import java.util.Locale;

/** Durations in words. */
public final class Elapsed {
    private Elapsed() {}

    /** A duration as people write it: {@code 6s}, {@code 2m41s}, {@code 1h10m}. */
    public static String text(Duration duration) {
        long s = duration.toSeconds();
        if (s < 10) {
            return String.format(Locale.ROOT, "%.1fs", duration.toMillis() / 1e3);
        }
        return s < 60
                ? s + "s"
                : s < 3600
                        ? s / 60 + "m" + "%02ds".formatted(s % 60)
                        : s / 3600 + "h" + "%02dm".formatted(s % 3600 / 60);
    }
}
