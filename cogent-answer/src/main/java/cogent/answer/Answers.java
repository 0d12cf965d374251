package cogent.answer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the final answer that a text states. Every search is linear in the length of the text.
 *
 * <p>What counts as stated, in this order: the last {@code \boxed{…}} (several in one sentence together), GSM8K's
 * {@code #### …} or an {@code <answer>} tag, and the phrases "the answer is …", "final answer: …". Text after {@code </think>} or inside the
 * solution marks goes before the thinking.
 */
public final class Answers {
    private static final int LONGEST_LINE = 400;

    /** Behind a box this announces an answer that goes before it, in any words. */
    private static final Pattern FINAL = Pattern.compile("(?i)\\bfinal answer\\b");

    private static final Pattern HASHES = Pattern.compile("(?<!\\S)####(?!#)[ \\t\\u00a0]*([^\\n]*)");

    /** A heading's number of hashes, before a number in the last line. */
    private static final Pattern ALMOST_HASHES =
            Pattern.compile("(?<![^\\n])#{2,6}[ \\t]+([-+$\\\\]{0,3}\\d[^\\n]{0,60})\\s*\\z");

    private static final Pattern TAG = Pattern.compile("(?i)<answer>([^<>]{1,400})</answer>\\s*\\z");
    private static final Pattern TITLE = Pattern.compile("(?i)[a-z]{2,}.*");
    private static final Pattern ANNOUNCEMENT =
            Pattern.compile("(?i)^[*_\\s]*(?:the |my )?(?:final )?(?:answer|result)(?: is)?[*_\\s]*(?::[*_\\s]*|$)");

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
        return Phrases.lastNumber(text);
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
        if (box.isEmpty()) {
            return tagged(text)
                    .or(() -> hashes(text))
                    .or(() -> almostHashes(text))
                    .or(() -> Phrases.stated(text));
        }
        // boxes may hold intermediate results or a formula when an announced answer follows them
        String rest = text.substring(Boxes.end(text));
        return (FINAL.matcher(rest).find() ? Phrases.stated(rest) : Phrases.statedInALine(rest)).or(() -> box);
    }

    /** GSM8K's last line. Before other lines it may be a heading, which is no answer; behind them it may stand empty. */
    private static Optional<String> hashes(String text) {
        int end = text.stripTrailing().length();
        Optional<String> last = Optional.empty();
        Matcher hashes = HASHES.matcher(text);
        while (hashes.find()) {
            Matcher announced = ANNOUNCEMENT.matcher(hashes.group(1).strip());
            String line = Phrases.clean(Phrases.beforeCause(announced.replaceFirst("")));
            boolean ends = hashes.end() >= end;
            if (line.isEmpty() && announced.reset().lookingAt()) {
                last = Optional.empty(); // the answer stands below
            } else if (line.isEmpty() && !ends) {
                String below = text.substring(hashes.end(), end).strip();
                last = below.indexOf('\n') < 0 && below.length() <= LONGEST_LINE ? Optional.of(below) : last;
            } else if (!line.isEmpty()
                    && line.length() <= LONGEST_LINE
                    && (ends || !TITLE.matcher(line).matches())) {
                last = Optional.of(line);
            }
        }
        return last;
    }

    private static Optional<String> almostHashes(String text) {
        Matcher last = ALMOST_HASHES.matcher(text);
        return text.contains("## ") && last.find() ? Optional.of(last.group(1).strip()) : Optional.empty();
    }

    private static Optional<String> tagged(String text) {
        Matcher tag = TAG.matcher(text);
        return text.contains(">") && tag.find() ? Optional.of(tag.group(1).strip()) : Optional.empty();
    }
}
