package cogent.answer;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Yes or no, true or false, with whatever reason behind it. */
final class Judgements {
    private static final Pattern REFERENCE =
            Pattern.compile("(?i)(?:\\\\text[a-z]{0,2} ?\\{ ?)?(yes|no|true|false)[.!]? ?\\}?");

    private static final Pattern LEADING = Pattern.compile(
            "(?i)\\A[*_\"'(\\s]{0,9}(yes|no|true|false)\\b[*_\"')]{0,9}(?=\\s*[,.:;!—–(-]|[ \\t]*\\n|\\s+(?:because|since|as|for|it|indeed|they|he|she|there)\\b|\\s*\\z)");

    /** What is said of the statement in question; not that something else is true, nor what follows if it were. */
    private static final Pattern SAID = Pattern.compile(
            "(?i)(?<!\\b(?:if|whether|suppose|assume|assuming|(?:false|true|correct|incorrect) that) (?:the )?)\\b(?:statement|claim|proposition|assertion|conjecture|this|that|it|answer)"
                    + "(?:'s| is| must be)( not)?(?: indeed| therefore| also| always)? [*_]{0,2}(true|false|correct|incorrect)\\b(?! (?:that|for|if|when|only|answer)\\b)");

    private static final Pattern CONCLUDING =
            Pattern.compile("(?i)\\b(?:so|thus|hence|therefore),? [*_]{0,2}(yes|no|true|false)[*_]{0,2}[.!\\s]*\\z");

    private static final Pattern DENIED = Pattern.compile(
            "(?i)\\b(?:false|untrue|incorrect|not true|not correct) that (?:the|this|it)\\b[^.\\n]{1,80}\\b(?:true|false|yes|no)\\b");

    private static final Pattern WORDS = Pattern.compile("\\p{L}{3}|\\p{L}{2}\\z|\\p{IsHan}");

    private static final Map<String, String> OPPOSITE = Map.of("true", "false", "false", "true");

    private static final int WINDOW = 4000;

    private Judgements() {}

    /** Empty when the reference is no judgement, or nothing in the reply reads as one. */
    static Optional<Verdict> compare(String gold, String prediction) {
        Matcher reference = REFERENCE.matcher(gold.strip());
        if (reference.matches() && DENIED.matcher(prediction).find()) {
            return Optional.of(Verdict.unknown("a judgement of another one"));
        }
        return reference.matches()
                ? said(prediction).map(said -> verdict(lower(reference.group(1)), said))
                : Optional.empty();
    }

    /** Whether a judgement is asked for, and these words may be one that nobody here knows: "It is impossible". */
    static boolean mayBeSaid(String gold, String prediction) {
        return REFERENCE.matcher(gold.strip()).matches()
                && WORDS.matcher(prediction).find();
    }

    private static Verdict verdict(String gold, String said) {
        boolean sameKind = OPPOSITE.containsKey(gold) == OPPOSITE.containsKey(said);
        return !sameKind
                ? Verdict.unknown(said + " against " + gold)
                : gold.equals(said) ? Verdict.equal("the same judgement") : Verdict.different(said + " is not " + gold);
    }

    private static Optional<String> said(String prediction) {
        String reply = Answers.afterThinking(Answers.ended(prediction));
        Optional<String> stated = Answers.extract(prediction).flatMap(Judgements::leading);
        return stated.or(() -> ofTheStatement(reply)).or(() -> leading(reply)).or(() -> concluded(reply));
    }

    private static Optional<String> leading(String text) {
        Matcher leading = LEADING.matcher(text.replaceAll("\\\\text[a-z]{0,2} ?\\{([^{}]{0,20})\\}", "$1"));
        return leading.find() ? Optional.of(lower(leading.group(1))) : Optional.empty();
    }

    private static Optional<String> concluded(String reply) {
        Matcher concluding = CONCLUDING.matcher(reply.substring(Math.max(0, reply.length() - WINDOW)));
        return concluding.find() ? Optional.of(lower(concluding.group(1))) : Optional.empty();
    }

    private static Optional<String> ofTheStatement(String reply) {
        Matcher said = SAID.matcher(reply.substring(Math.max(0, reply.length() - WINDOW)));
        Optional<String> last = Optional.empty();
        while (said.find()) {
            String value = lower(said.group(2)).replace("incorrect", "false").replace("correct", "true");
            last = Optional.of(said.group(1) == null ? value : OPPOSITE.getOrDefault(value, value));
        }
        return last;
    }

    private static String lower(String word) {
        return word.toLowerCase(Locale.ROOT);
    }
}
