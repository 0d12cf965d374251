package cogent.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every colour that text is set in, against the backgrounds that it is set on: WCAG 2 asks for 4.5:1. */
class ContrastTest {
    private static final Pattern VARIABLE = Pattern.compile("--([a-z0-9]+): (#[0-9a-f]{6})");
    private static final List<String> TEXT = List.of("ink", "soft", "s0", "s1", "s2", "s3", "s4", "s5", "good", "bad");

    @Test
    void colours_of_text_stand_out_in_light_and_dark() throws Exception {
        String css;
        try (var in = Report.class.getResourceAsStream("report.css")) {
            css = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        int dark = css.indexOf("prefers-color-scheme: dark");
        for (String scheme : List.of(css.substring(0, dark), css.substring(dark))) {
            Map<String, String> colours = new HashMap<>();
            VARIABLE.matcher(scheme).results().forEach(m -> colours.putIfAbsent(m.group(1), m.group(2)));
            for (String name : TEXT) {
                assertThat(contrast(colours.get(name), colours.get("paper")))
                        .as(name)
                        .isGreaterThan(4.5);
            }
            assertThat(contrast(colours.get("ink"), colours.get("wash"))).isGreaterThan(7);
        }
    }

    private static double contrast(String a, String b) {
        double x = luminance(a);
        double y = luminance(b);
        return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
    }

    private static double luminance(String colour) {
        double sum = 0;
        double[] weights = {0.2126, 0.7152, 0.0722};
        for (int i = 0; i < 3; i++) {
            double c = Integer.parseInt(colour.substring(1 + 2 * i, 3 + 2 * i), 16) / 255.0;
            sum += weights[i] * (c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4));
        }
        return sum;
    }
}
