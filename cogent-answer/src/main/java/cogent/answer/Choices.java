package cogent.answer;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Multiple choice: the reference is one letter, the answer names one somehow. */
public final class Choices {
    private static final Pattern REFERENCE =
            Pattern.compile("\\$?\\(?(?:\\\\(?:text|textbf|mathrm|mathbf)\\{)?\\(?([A-J])\\)?\\}?\\)?[.:)]?\\$?");

    /** The letter, then its bracket or the option's text. */
    private static final Pattern LEADING = Pattern.compile(
            "\\(?([A-Ja-j])(?:\\)|[.:](?=\\s|$)|$|(?=\\s+(?:\\d|\\$|\\\\))|(?=,?\\s+(?:because|since)\\b))");

    private static final Pattern STANDING_ALONE =
            Pattern.compile("(?<![\\p{L}\\d\\\\'^_])\\(?([A-J])\\)?(?![\\p{L}\\d'’^_=+])");
    private static final Pattern LETTERS = Pattern.compile("\\(?[A-J]\\)?(?:\\s*(?:,|and|or)\\s*\\(?[A-J]\\)?)+");

    private static final Pattern NEGATED = Pattern.compile(
            "(?i)\\b(?:not|non|nicht|over|rather than|instead of)\\s+(?:option |choice )?\\(?[a-j]\\)?(?![\\p{L}\\d])");

    /** "I would choose option b", "go with (C)". */
    private static final Pattern CHOICE = Pattern.compile(
            "(?i)\\b(?:choose|choosing|pick|select|go with|going with|option|choice)(?: option| choice| answer| is)?"
                    + " \\(?([a-j])\\)?(?![\\p{L}\\d'’])(?!\\s+(?!over\\b|rather\\b|instead\\b|because\\b|since\\b"
                    + "|(?:is|seems|must be) (?:the )?(?:correct|right|best|true|only|answer)\\b)(?-i:[a-z]{2}))");

    /** The article and the pronoun look like letters. */
    private static final Pattern WORD_LIKE = Pattern.compile("[AI]\\s+\\p{L}|I['’]");

    /** A letter in brackets with its text. */
    private static final Pattern OPTION = Pattern.compile("\\(([A-J])\\)\\s*(.+)");

    private Choices() {}

    /** The one option (A to J) that a reply chooses; empty when it names none or several. */
    public static Optional<String> chosen(String reply) {
        return letter(reply).filter(letter -> letter.length() == 1);
    }

    /**
     * Empty when the reference is no choice, or nothing in the reply reads as one.
     *
     * @param texts compares what the options say
     */
    static Optional<Verdict> compare(String gold, String prediction, BiFunction<String, String, Verdict> texts) {
        Matcher reference = REFERENCE.matcher(gold.strip());
        if (!reference.matches()) {
            return withText(gold, prediction, texts);
        }
        return letter(prediction).map(letter -> {
            if (letter.length() > 1) {
                return Verdict.different("several options");
            }
            return letter.equals(reference.group(1))
                    ? Verdict.equal("the same option")
                    : Verdict.different("option " + letter + " is not " + reference.group(1));
        });
    }

    /** A reference that gives the option's text behind its letter: {@code \textbf{(D)}\ 42} is D, and 42. */
    private static Optional<Verdict> withText(
            String gold, String prediction, BiFunction<String, String, Verdict> texts) {
        Matcher option = gold.length() > 200 ? null : OPTION.matcher(plain(gold));
        if (option == null || !option.matches()) {
            return Optional.empty();
        }
        Matcher letter = REFERENCE.matcher(prediction.strip());
        if (letter.matches()) {
            return Optional.of(
                    letter.group(1).equals(option.group(1))
                            ? Verdict.equal("the same option")
                            : Verdict.different("option " + letter.group(1) + " is not " + option.group(1)));
        }
        Matcher other = OPTION.matcher(plain(prediction));
        return Optional.of(texts.apply(
                option.group(2), prediction.length() <= 200 && other.matches() ? other.group(2) : prediction));
    }

    /** The option that a reply chooses; several letters when it does not choose. */
    private static Optional<String> letter(String prediction) {
        String reply = Answers.afterThinking(prediction);
        Optional<String> stated = Answers.extract(prediction);
        String text = NEGATED.matcher(plain(stated.orElse(reply))).replaceAll(" ");
        if (text.length() < 100 && LETTERS.matcher(text).matches()) {
            return Optional.of(text);
        }
        Matcher leading = LEADING.matcher(text);
        if (leading.lookingAt()) {
            return Optional.of(leading.group(1).toUpperCase(Locale.ROOT));
        }
        Optional<String> named = stated.isPresent() ? Optional.empty() : chosenInProse(text);
        if (named.isPresent()) {
            return named;
        }
        Matcher alone = STANDING_ALONE.matcher(text.substring(0, Math.min(text.length(), 4000)));
        String first = "";
        String last = "";
        while (alone.find()) {
            if (stated.isPresent()
                    || !WORD_LIKE
                            .matcher(text)
                            .region(alone.start(), text.length())
                            .lookingAt()) {
                first = first.isEmpty() ? alone.group(1) : first;
                last = alone.group(1);
            }
        }
        String letter = stated.isPresent() ? first : last; // free prose names its choice last
        return letter.isEmpty() ? Optional.empty() : Optional.of(letter);
    }

    /** The only option behind such words, if it is one. */
    private static Optional<String> chosenInProse(String text) {
        List<String> chosen = CHOICE.matcher(text.substring(0, Math.min(text.length(), 4000)))
                .results()
                .map(match -> match.group(1).toUpperCase(Locale.ROOT))
                .distinct()
                .toList();
        return chosen.size() == 1 ? Optional.of(chosen.getFirst()) : Optional.empty();
    }

    private static String plain(String text) {
        return text.replaceAll("\\\\(?:text|textbf|mathrm|mathbf|textit)\\s*\\{([^{}]*)\\}", "$1")
                .replaceAll("[$*{}]|\\\\(?:[ ,;:!]|q?quad)", " ")
                .strip();
    }
}
