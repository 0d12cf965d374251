package cogent.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Where the time of a step goes. */
final class Phases {
    private final Map<String, Long> nanos = new LinkedHashMap<>();

    /** The phase ends now. */
    void add(String name, long startNanos) {
        nanos.merge(name, System.nanoTime() - startNanos, Long::sum);
    }

    void reset() {
        nanos.clear();
    }

    String text(int steps) {
        StringBuilder text = new StringBuilder();
        nanos.forEach((name, n) ->
                text.append(String.format(Locale.ROOT, "    %-20s %8.1f ms a step%n", name, n / 1e6 / steps)));
        return text.toString();
    }
}
