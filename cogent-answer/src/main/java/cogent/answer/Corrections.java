package cogent.answer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An answer that takes back the one before it: "Wait, I made a mistake: it should be 13". */
final class Corrections {
    private static final Pattern TAKEN_BACK = Pattern.compile(
            "(?i)\\A[\\s$.)\\]\\\\]{0,12}(?:[?!.]?\\s*no[,.!] |is (?:not|wrong|incorrect)\\b[^.\\n]{0,60}|(?:[^\\n]{0,80}\\b(?:wait|oops|hmm|mistake|miscalculated|incorrect|was wrong|is wrong|correction|let me re\\w+|actually)\\b))");

    private static final Pattern INSTEAD = Pattern.compile(
            "(?i)\\b(?:(?:it|this|that|the (?:correct |right |actual |final |true )?(?:answer|value|result|number|total|sum)) (?:should be|must be|is(?: actually| really)?|becomes)|correction:|should (?:actually )?be)"
                    + "[\\s$*_:]{0,6}(?!not\\b|wrong\\b|correct\\b|right\\b|indeed\\b)(?=[-+(\\[\\\\\\d])([^\\n]{1,100})");

    private static final int WINDOW = 2000;

    /** At once, so that what was announced does not stand. */
    private static final Pattern REVOKED =
            Pattern.compile("(?i)\\A[\\s$.?!)…*]{0,12}(?:no\\b(?=[,.!]| wait)|(?:but |hmm,? |oh,? )?(?:wait|oops)\\b)");

    private Corrections() {}

    /**
     * An announced answer, or the one that the text behind it gives in its place; empty where it is only taken back.
     *
     * @param rest what follows the sentence of the announcement
     */
    static Optional<String> of(String announced, String rest) {
        if (!REVOKED.matcher(rest).find()) {
            return Optional.of(announced);
        }
        return in(rest).or(() -> rest.contains(announced) ? Optional.of(announced) : Optional.empty());
    }

    /** The last answer that the text behind a box gives in its place; empty where it takes nothing back. */
    static Optional<String> in(String rest) {
        if (!TAKEN_BACK.matcher(rest).find()) {
            return Optional.empty();
        }
        Matcher instead = INSTEAD.matcher(rest.substring(Math.max(0, rest.length() - WINDOW)));
        Optional<String> last = Optional.empty();
        while (instead.find()) {
            last = Optional.of(Reason.core(Sentences.clean(Sentences.first(instead.group(1))))
                    .replace("$", "")
                    .strip());
        }
        return last.filter(said -> !said.isEmpty());
    }
}
