package cogent.answer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Multiple choice: the reference is one letter, the answer names one somehow. */
final class Choices {
    private static final Pattern REFERENCE =
            Pattern.compile("\\$?\\(?(?:\\\\(?:text|textbf|mathrm|mathbf)\\{)?\\(?([A-J])\\)?\\}?\\)?[.:)]?\\$?");

    /** The letter, then its bracket or the option's text. */
    private static final Pattern LEADING =
            Pattern.compile("\\(?([A-Ja-j])(?:\\)|[.:](?=\\s|$)|$|(?=\\s+(?:\\d|\\$|\\\\)))");

    private static final Pattern STANDING_ALONE =
            Pattern.compile("(?<![\\p{L}\\d\\\\'^_])\\(?([A-J])\\)?(?![\\p{L}\\d'’^_=+])");
    private static final Pattern LETTERS = Pattern.compile("\\(?[A-J]\\)?(?:\\s*(?:,|and|or)\\s*\\(?[A-J]\\)?)+");

    private static final Pattern NEGATED = Pattern.compile("(?i)\\b(?:not|non|nicht)\\s+\\(?[a-j]\\)?(?![\\p{L}\\d])");

    /** The article and the pronoun look like letters. */
    private static final Pattern WORD_LIKE = Pattern.compile("[AI]\\s+\\p{L}|I['’]");

    private Choices() {}

    /** Empty when the reference is no choice, or nothing in the reply reads as one. */
    static Optional<Verdict> compare(String gold, String prediction) {
        Matcher reference = REFERENCE.matcher(gold.strip());
        if (!reference.matches()) {
            return Optional.empty();
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

    /** The option that a reply chooses; several letters when it does not choose. */
    static Optional<String> letter(String prediction) {
        String reply = Answers.afterThinking(prediction);
        Optional<String> stated = Answers.extract(prediction);
        String text = NEGATED.matcher(plain(stated.orElse(reply))).replaceAll(" ");
        if (text.length() < 100 && LETTERS.matcher(text).matches()) {
            return Optional.of(text);
        }
        Matcher leading = LEADING.matcher(text);
        if (leading.lookingAt()) {
            return Optional.of(leading.group(1).toUpperCase(java.util.Locale.ROOT));
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

    private static String plain(String text) {
        return text.replaceAll("\\\\(?:text|textbf|mathrm|mathbf|textit)\\s*\\{([^{}]*)\\}", "$1")
                .replaceAll("[$*{}]|\\\\(?:[ ,;:!]|q?quad)", " ")
                .strip();
    }
}
