package cogent.curate.clean;

import cogent.curate.SampleOutcome;
import cogent.data.Sample;
import java.lang.Character.UnicodeScript;
import java.util.Locale;
import java.util.Optional;

/**
 * Leaves out rationales whose letters are mostly of another script than the one asked for. It is no language detector: it
 * tells Chinese from English, not French from English. A text without letters, such as bare formulas, passes.
 */
public record Script(UnicodeScript wanted) implements SampleFilter {
    private static final double MOST = 0.5;

    @Override
    public Optional<SampleOutcome.Refused> refuse(Sample sample) {
        String text = sample.rationale().text();
        long letters = text.codePoints().filter(Character::isLetter).count();
        long ours = text.codePoints()
                .filter(Character::isLetter)
                .filter(c -> UnicodeScript.of(c) == wanted || UnicodeScript.of(c) == UnicodeScript.COMMON)
                .count();
        return letters == 0 || ours >= MOST * letters
                ? Optional.empty()
                : SampleFilter.refused(
                        "written in another script",
                        String.format(Locale.ROOT, "%.0f %% of its letters are %s", 100.0 * ours / letters, wanted));
    }
}
