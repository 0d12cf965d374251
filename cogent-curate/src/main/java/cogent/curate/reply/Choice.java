package cogent.curate.reply;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a reply is to decide between, and how a line says it: {@code Label: brief}. A line that offers words of two
 * meanings decides nothing.
 *
 * @param name that the prompt asks the decision under, in lower case
 * @param otherNames that models put in its place
 * @param words in lower case, each with its meaning; several may have the same
 */
public record Choice<T>(String name, List<String> otherNames, Map<String, T> words) {
    private static final String ADDRESS =
            "(?:(?:the|my|final|overall|so|thus|hence|therefore|in|conclusion|suggested|assigned)[\\s,:]+)*";
    /** Behind the word stands nothing, or a reason that is set off from it. */
    private static final String REST =
            "(?<rest>[\\s.!)]*|\\s*[(,;:.–—|].*|\\s+[/-]+\\s.*" + "|\\s+(?:because|since|as|due|for|given)\\b.*)";
    /** Words that hold another meaning out beside the first, or take the first one back. */
    private static final String HEDGE = "\\b(?:or|could|might|may|maybe|perhaps|possibly|borderline|between|leaning"
            + "|actually|wait|correction|sorry|instead|no(?=\\s*[,–—-])|i mean|make that)\\b";

    /** A word that begins a reason, as in {@code balanced (easy to follow)}, is no decision. */
    private static final String NO_REASON = "(?!\\s+(?:to (?!say|tell|decide|judge)|for )\\w)";

    /**
     * @param word as it stands among the words
     * @param reason what stands behind it in the same line; empty where nothing does
     */
    record Decision<T>(String word, T meaning, String reason) {}

    /** Reads a line without decoration, see {@link Plain}. */
    Optional<Decision<T>> read(String line) {
        String word = "[(\\s]*(?<word>" + any(words.keySet().stream()) + ")";
        String names = any(Stream.concat(Stream.of(name), otherNames.stream()));
        return match(
                        ADDRESS + "(?:" + names + ")(?:\\s+(?:level|rating|label))?\\s*(?:[:=→]|[-=]>)" + word + REST,
                        line)
                .or(() -> match(ADDRESS + Pattern.quote(name) + "\\s*(?:is\\b:?|[–—-]\\s)" + word + REST, line))
                .or(() -> match(
                        "i(?:'d| would| will)? " + Pattern.quote(name) + " (?:this|it|the)(?: \\w+)?(?: as)?\\s" + word
                                + REST,
                        line))
                .or(() -> match(word + "(?<rest>[\\s.!)]*)", line))
                .filter(decision -> !wavers(decision));
    }

    /** Whether a text holds one of the words. */
    boolean isMentioned(String text) {
        return Pattern.compile("(?i)\\b(?:" + any(words.keySet().stream()) + ")\\b")
                .matcher(text)
                .find();
    }

    /** Whether a text is one of the names. */
    boolean isName(String text) {
        return text.matches("(?i)" + ADDRESS + "(?:" + any(Stream.concat(Stream.of(name), otherNames.stream())) + ")");
    }

    private Optional<Decision<T>> match(String pattern, String line) {
        Matcher found = Pattern.compile("(?i)[(\\s•·–—=>→-]*(?:\\d+[.)]\\s*)?" + pattern)
                .matcher(line);
        if (!found.matches()) {
            return Optional.empty();
        }
        String word = found.group("word").toLowerCase(Locale.ROOT);
        return Optional.of(new Decision<>(word, Objects.requireNonNull(words.get(word)), found.group("rest")));
    }

    /** Whether a reason offers another decision beside the first: {@code easy, medium}, {@code easy; label: medium}. */
    private boolean wavers(Decision<T> decision) {
        String others = "\\b(?:"
                + any(words.entrySet().stream()
                        .filter(word -> !word.getValue().equals(decision.meaning()))
                        .map(Map.Entry::getKey))
                + ")\\b";
        return Pattern.compile("(?i)^\\W*(?:\\?|" + others + NO_REASON + ")" // right behind it
                        + "|" + HEDGE + "[^.]*" + others
                        + "|" + Pattern.quote(name) + "\\s*(?:[:=]|is\\b)\\s*" + others
                        + "|[,;:/|(>→–—-]\\s*(?:then |and )?" + others + "\\s*(?:[,;.!)]|$)") // a member of its own
                .matcher(decision.reason())
                .find();
    }

    private static String any(Stream<String> words) {
        return words.map(Pattern::quote).collect(Collectors.joining("|"));
    }
}
