package cogent.model.text;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * Whether a pattern looks at each sign of a run more often than any need be: as two repetitions in a row do that can share
 * the run in many ways, {@code a*a*[bx]}. It is tried with the JDK's engine, which backtracks as Oniguruma does; what only
 * Oniguruma can read is not told.
 */
final class Backtracking {
    /** The short one shows what doubles with each sign, before a longer one fills the JDK's stack. */
    private static final int[] RUNS = {40, 1000};

    private static final int MOST_LOOKS = 100_000;

    /** Of each kind that tokenizers tell apart; the pattern's own signs come on top. */
    private static final List<String> KINDS = List.of("a", "A", "1", " ", "\n", "_", "!", "é", "日", "\u0301");

    private static final int MOST_OWN = 16;
    private static final int MOST_BEFORE = 6;

    private static final Pattern UNBOUNDED = Pattern.compile("[*+]|,}");

    private Backtracking() {}

    static boolean isQuadratic(String regex) {
        Pattern pattern;
        if (!UNBOUNDED.matcher(regex).find()) {
            return false;
        }
        try {
            pattern = Pattern.compile(regex, Pattern.UNICODE_CHARACTER_CLASS);
        } catch (PatternSyntaxException e) {
            return false;
        }
        List<String> own = regex.codePoints()
                .filter(c -> Character.isLetterOrDigit(c) || c > '~')
                .distinct()
                .limit(MOST_OWN)
                .mapToObj(Character::toString)
                .toList();
        List<String> runs =
                Stream.concat(KINDS.stream(), own.stream()).distinct().toList();
        return Stream.concat(Stream.of(""), own.stream().limit(MOST_BEFORE))
                .anyMatch(before -> runs.stream()
                        .flatMap(run -> Arrays.stream(RUNS).mapToObj(run::repeat))
                        .flatMap(run -> Stream.of("", "!", "a").map(after -> before + run + after))
                        .anyMatch(text -> isLookedAtTooOften(pattern, text)));
    }

    private static boolean isLookedAtTooOften(Pattern pattern, String text) {
        try {
            boolean _ = pattern.matcher(new Counted(text)).lookingAt();
            return false;
        } catch (TooOften e) {
            return true;
        } catch (StackOverflowError e) {
            return false; // the JDK's engine is at its end, not Oniguruma's
        }
    }

    private static final class TooOften extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooOften() {
            super("", null, false, false);
        }
    }

    /** A text that counts how often it is looked at. */
    private static final class Counted implements CharSequence {
        private final String text;
        private int looks;

        Counted(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++looks > MOST_LOOKS) {
                throw new TooOften();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
