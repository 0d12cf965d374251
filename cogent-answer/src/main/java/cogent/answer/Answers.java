package cogent.answer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the final answer that a text states. Every search is linear in the length of the text.
 *
 * <p>What counts as stated, in this order: the last {@code \boxed{…}} (several in one sentence together), GSM8K's
 * {@code #### …}, and the phrases "the answer is …", "final answer: …". Text after {@code </think>} or inside the
 * solution marks goes before the thinking.
 */
public final class Answers {
    /** Phrases count near the end only: earlier ones announce intermediate results. */
    private static final int PHRASE_WINDOW = 4000;

    private static final int LONGEST_PHRASE = 400;

    private static final Pattern PHRASE =
            Pattern.compile("(?im)(?:\\b(?:answer|option|choice)\\b|^A(?=:))(?:\\s+to\\s+[^.:\\n]{1,60})?[*_\\s]*"
                    + "(?:(?:is|are|would\\s+be|must\\s+be|becomes|=|:)[*_\\s]*:?|(?=\\$|\\\\\\[|\\\\\\())[*_\\s]*");

    private static final Pattern FINAL = Pattern.compile("(?i)\\bfinal answer\\b");

    private static final Pattern NUMBER = Pattern.compile(
            "\\\\[dt]?frac\\{-?\\d{1,30}\\}\\{\\d{1,30}\\}|(?<![\\w.])-?\\\\?\\$?-?(?:\\d{1,3}(?:,\\d{3})++|\\d++)(?:\\.\\d++)?(?:\\s?/\\s?\\d++)?(?:\\s?\\\\?%)?(?![\\d])");

    private static final Pattern WORD = Pattern.compile("(?<![\\\\a-zA-Z])[a-zA-Z]{2,}");
    private static final Pattern CALCULATOR = Pattern.compile("<<[^<>]{0,200}>>");

    private Answers() {}

    /** The final answer stated by a rationale or completion, or empty when none is stated. */
    public static Optional<String> extract(String text) {
        String reply = afterThinking(text);
        Optional<String> found = stated(reply);
        return found.isPresent() || reply.length() == text.length() ? found : stated(text);
    }

    /** Whether the text marks its answer ({@code \boxed} or {@code ####}), so that it is more than an answer. */
    public static boolean isMarked(String text) {
        return Boxes.last(text).isPresent() || hashes(text).isPresent();
    }

    /** The last number in the text, for texts that state no answer: a guess, good for confirming, not for judging. */
    public static Optional<String> lastNumber(String text) {
        String tail = text.substring(Math.max(0, text.length() - PHRASE_WINDOW));
        Matcher number = NUMBER.matcher(CALCULATOR.matcher(tail).replaceAll(""));
        String last = "";
        while (number.find()) {
            last = number.group();
        }
        return last.isEmpty() ? Optional.empty() : Optional.of(last.strip());
    }

    /** What follows the thinking, or the whole text when it has none or nothing follows. */
    public static String afterThinking(String text) {
        for (String mark : new String[] {"</think>", "<|begin_of_solution|>"}) {
            int at = text.lastIndexOf(mark);
            if (at >= 0 && !text.substring(at + mark.length()).isBlank()) {
                return text.substring(at + mark.length()).replace("<|end_of_solution|>", "");
            }
        }
        return text;
    }

    private static Optional<String> stated(String text) {
        Optional<String> box = Boxes.last(text);
        if (box.isPresent()) {
            // boxes may hold intermediate results when a "final answer" follows them
            String rest = text.substring(Boxes.end(text));
            return FINAL.matcher(rest).find() ? phrase(rest).or(() -> box) : box;
        }
        return hashes(text).or(() -> phrase(text));
    }

    private static Optional<String> hashes(String text) {
        int mark = text.lastIndexOf("####");
        if (mark < 0 || (mark > 0 && !Character.isWhitespace(text.charAt(mark - 1)))) {
            return Optional.empty();
        }
        String line = text.substring(mark + 4).lines().findFirst().orElse("").strip();
        return line.isEmpty() || line.length() > LONGEST_PHRASE ? Optional.empty() : Optional.of(line);
    }

    private static Optional<String> phrase(String text) {
        String tail = text.substring(Math.max(0, text.length() - PHRASE_WINDOW));
        Matcher phrase = PHRASE.matcher(tail);
        Optional<String> last = Optional.empty();
        while (phrase.find()) {
            String said = core(firstSentence(tail.substring(phrase.end())));
            if (!said.isEmpty() && !said.startsWith("not ") && said.length() <= LONGEST_PHRASE) {
                last = Optional.of(said);
            }
        }
        return last;
    }

    /** A whole sentence ("the volume of $P$ is 12") says its answer at its end, or in its only number. */
    private static String core(String said) {
        if (WORD.matcher(said).results().limit(3).count() < 3) {
            return said;
        }
        int is = Math.max(said.lastIndexOf(" is "), said.lastIndexOf(" are "));
        String end = is < 0 ? said : said.substring(said.indexOf(' ', is + 1)).strip();
        return WORD.matcher(end).results().limit(3).count() < 3
                ? clean(end)
                : lastNumber(end).orElse(said);
    }

    /** Up to the end of the sentence or line, without the markdown and punctuation around it. */
    private static String firstSentence(String text) {
        String start = text.stripLeading();
        for (String[] math : new String[][] {{"$$", "$$"}, {"\\[", "\\]"}, {"\\(", "\\)"}, {"$", "$"}}) {
            int end = start.startsWith(math[0]) ? start.indexOf(math[1], math[0].length()) : -1;
            if (end >= 0) {
                return withRest(start.substring(math[0].length(), end), start.substring(end + math[1].length()));
            }
        }
        return clean(sentence(start));
    }

    /** A formula may be only the first of several ("$2$ and $3$") or be followed by its unit. */
    private static String withRest(String formula, String rest) {
        String more = clean(sentence(rest));
        return more.isEmpty() || more.length() > 40 ? formula.strip() : formula.strip() + " " + more.replace("$", "");
    }

    private static String sentence(String text) {
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            boolean full = c == '.' || c == '。' || c == '!' || c == '?';
            if (c == '\n' || (full && depth <= 0 && (i + 1 == text.length() || !isWordOrDigit(text.charAt(i + 1))))) {
                return text.substring(0, i);
            }
        }
        return text;
    }

    private static boolean isWordOrDigit(char c) {
        return Character.isLetterOrDigit(c) || c == '\\';
    }

    private static String clean(String text) {
        String bare = text.strip();
        while (!bare.isEmpty() && "*_.,;:\"'`".indexOf(bare.charAt(bare.length() - 1)) >= 0) {
            bare = bare.substring(0, bare.length() - 1).stripTrailing();
        }
        while (!bare.isEmpty() && "*_:\"'`".indexOf(bare.charAt(0)) >= 0) {
            bare = bare.substring(1).stripLeading();
        }
        return bare;
    }
}
