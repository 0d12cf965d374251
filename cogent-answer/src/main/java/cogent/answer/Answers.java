package cogent.answer;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds the final answer that a text states. Every search is linear in the length of the text.
 *
 * <p>What counts as stated, in this order: the last {@code \boxed{…}} (several in one sentence together), an
 * {@code <answer>} tag or field, GSM8K's {@code #### …}, and the phrases "the answer is …", "final answer: …". Text after {@code </think>} or inside the
 * solution marks goes before the thinking.
 */
public final class Answers {
    /** Behind a box this announces an answer that goes before it, in any words. */
    private static final Pattern FINAL = Pattern.compile("(?i)\\bfinal answer\\b");

    /** What a model writes when it has ended, where its runtime leaves it in the text. */
    private static final Pattern END = Pattern.compile(
            "(?:(?:<\\|(?:im_end|endoftext|eot_id|end|end_of_text|end▁of▁sentence)\\|>|<｜end▁of▁sentence｜>|</s>|<end_of_turn>|<eos>)\\s{0,9}+){1,9}+\\z");

    private Answers() {}

    /** The final answer stated by a rationale or completion, or empty when none is stated. */
    public static Optional<String> extract(String text) {
        String whole = ended(text);
        String reply = afterThinking(whole);
        Optional<String> found = filledIn(reply);
        return found.isPresent() || reply.length() == whole.length() ? found : filledIn(whole);
    }

    /** Whether the text marks its answer ({@code \boxed} or {@code ####}), so that it is more than an answer. */
    public static boolean isMarked(String text) {
        return Boxes.last(text).isPresent() || Hashes.answer(text).isPresent();
    }

    /** The last number in the text, for texts that state no answer: a guess, good for confirming, not for judging. */
    public static Optional<String> lastNumber(String text) {
        return Sentences.lastNumber(text);
    }

    /** What follows the thinking, or the whole text when it has none or nothing follows. */
    public static String afterThinking(String text) {
        for (String mark : new String[] {"</think>", "<|begin_of_solution|>"}) {
            int at = text.lastIndexOf(mark);
            String rest = at < 0 ? "" : text.substring(at + mark.length());
            if (!rest.isBlank()) {
                return rest.replace("<|end_of_solution|>", "");
            }
        }
        return text;
    }

    /** Without the end of the turn, and the end of a thought with nothing behind it. */
    static String ended(String text) {
        String reply = text.endsWith(">") || text.stripTrailing().endsWith(">")
                ? END.matcher(text).replaceFirst("").stripTrailing()
                : text;
        return reply.endsWith("</think>") ? reply.substring(0, reply.length() - "</think>".length()) : reply;
    }

    private static Optional<String> filledIn(String text) {
        return stated(text).filter(answer -> !Boxes.isNothing(answer));
    }

    private static Optional<String> stated(String text) {
        Optional<String> box = Boxes.last(text);
        if (box.isEmpty()) {
            return Tagged.answer(text).or(() -> Hashes.answer(text)).or(() -> Phrases.stated(text));
        }
        // boxes may hold intermediate results or a formula when an announced answer follows them
        String rest = text.substring(Boxes.end(text));
        Optional<String> corrected = Corrections.in(rest);
        if (corrected.isPresent()) {
            return corrected;
        }
        return Tagged.answer(rest)
                .or(() -> Hashes.answer(rest))
                .filter(Phrases::isValue)
                .or(() -> (FINAL.matcher(rest).find() ? Phrases.stated(rest) : Phrases.statedInALine(rest))
                        .filter(said -> !Boxes.isOpen(said)))
                .or(() -> box);
    }
}
