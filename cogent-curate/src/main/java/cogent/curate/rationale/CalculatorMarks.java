package cogent.curate.rationale;

import cogent.data.Rationale;
import cogent.data.Sample;
import java.util.regex.Pattern;

/**
 * GSM8K's calculator annotations ({@code 48/2 = <<48/2=24>>24}), which its authors' trainer took out: a student without a
 * calculator learns to write noise.
 */
public final class CalculatorMarks {
    private static final Pattern MARK = Pattern.compile("<<[^<>\\n]{1,200}=[-\\d.,%/$ ]{1,40}>>");

    private CalculatorMarks() {}

    public static Sample without(Sample sample) {
        return new Sample(sample.problem(), without(sample.rationale()));
    }

    /** Whether a text holds one. */
    public static boolean in(String text) {
        return MARK.matcher(text).find();
    }

    public static String without(String text) {
        return MARK.matcher(text).replaceAll("");
    }

    private static Rationale without(Rationale rationale) {
        String text = without(rationale.text());
        return text.isBlank() ? rationale : new Rationale(text, rationale.conclusion());
    }
}
