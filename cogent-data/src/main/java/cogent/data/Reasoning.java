package cogent.data;

import cogent.answer.Answers;
import cogent.answer.Equivalence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A written reply taken apart: the thought, and the solution that follows it where the two are marked.
 *
 * @param solution empty when the reply is one piece
 */
public record Reasoning(String thought, String solution) {
    private static final String OPEN = "<think>";
    private static final String CLOSE = "</think>";

    private static final Pattern EMPTY = Pattern.compile("\\A\\s*<think>\\s*</think>\\s*");

    /** GSM8K's last line. */
    private static final Pattern HASHES = Pattern.compile("\\n[ \\t]*####(?!#)[^\\n]*\\z");

    /** Opened where thinking begins: at a line's beginning or end, or behind some words such as "Sure!"; not amid a sentence. */
    private static final Pattern OPENED = Pattern.compile(
            "(?m)^(?:[^<`\\n]*[!.:,;?…–—)][ \\t]+|\\w{0,12}[ \\t]+)?<think>|(?<![`\\w])<think>[ \\t]*$");

    /** The same tag by the names that other models and people give it. */
    private static final Pattern OTHER_OPEN =
            Pattern.compile("(?i)(?<=\\A|\\s)[<\\[](think|thinking|thought|reasoning)[>\\]]");

    /** Programs and proofs come to no value. */
    private static final Pattern NO_VALUE = Pattern.compile(
            "(?im)```|^\\s*(?:def \\w+\\(|#include\\b|public class )|\\bQ\\.? ?E\\.? ?D\\b|∎|\\\\(?:blacksquare|square|qed)\\b|^[*_\\s]*proof\\b[*_]*[.:]");

    /** @throws InputException when the thought is opened and never closed: such a text was cut off */
    public static Reasoning of(String reply) {
        String text = reply.strip();
        if (text.contains("<|begin_of_thought|>")) {
            String thought = between(text, "<|begin_of_thought|>", "<|end_of_thought|>");
            String rest = text.substring(text.indexOf("<|end_of_thought|>") + "<|end_of_thought|>".length());
            return parts(thought, rest.replace("<|begin_of_solution|>", "").replace("<|end_of_solution|>", ""));
        }
        if (isCutOff(text)) {
            throw cutOff(CLOSE);
        }
        if (text.contains(CLOSE)) {
            return tagged(text);
        }
        Matcher open = OTHER_OPEN.matcher(text);
        if (open.find()) {
            Matcher close = otherClose(open, text);
            if (close.find(open.end())) {
                String thought = text.substring(open.end(), close.start());
                return parts(thought, text.substring(0, open.start()) + text.substring(close.end()));
            }
        }
        Matcher hashes = HASHES.matcher(text);
        // a heading in its place, "#### Conclusion: …", is a line of the thought like any other
        return hashes.find() && Answers.isMarked(hashes.group().strip())
                ? parts(text.substring(0, hashes.start()), text.substring(hashes.start()))
                : new Reasoning(text, "");
    }

    /** Whether thinking was opened in {@code <think>} and never closed. */
    public static boolean isCutOff(String reply) {
        String text = reply.strip();
        Matcher other = OTHER_OPEN.matcher(text);
        int close = text.lastIndexOf(CLOSE);
        return (close < 0 ? OPENED.matcher(text).find() : text.indexOf(OPEN, close) >= 0)
                || (other.lookingAt() && !otherClose(other, text).find());
    }

    /** A reply that thought nothing, {@code <think></think>} in front, without that: as one that knows no tags. */
    public static String withoutEmptyThought(String reply) {
        return EMPTY.matcher(reply).replaceFirst("");
    }

    private static Matcher otherClose(Matcher open, String text) {
        return Pattern.compile("[<\\[]/" + open.group(1) + "[>\\]]", Pattern.CASE_INSENSITIVE)
                .matcher(text);
    }

    /** Thinking in one or several blocks; what stands around them is the solution. */
    private static Reasoning tagged(String text) {
        List<String> thoughts = new ArrayList<>();
        List<String> rest = new ArrayList<>();
        int from = 0;
        int open = text.indexOf(OPEN);
        for (int close = text.indexOf(CLOSE); close >= 0; close = text.indexOf(CLOSE, from)) {
            open = open >= 0 && open < from ? text.indexOf(OPEN, from) : open;
            // chat templates may open the block in the prompt, so that only its end is in the reply
            boolean opened = open >= 0 && open < close;
            rest.add(opened ? text.substring(from, open) : "");
            thoughts.add(text.substring(opened ? open + OPEN.length() : from, close));
            from = close + CLOSE.length();
        }
        rest.add(text.substring(from));
        return parts(joined(thoughts), joined(rest));
    }

    private static String joined(List<String> parts) {
        return String.join(
                "\n\n",
                parts.stream()
                        .map(String::strip)
                        .filter(part -> !part.isEmpty())
                        .toList());
    }

    private static Reasoning parts(String thought, String solution) {
        return thought.isBlank()
                ? new Reasoning(solution.strip(), "")
                : new Reasoning(thought.strip(), solution.strip());
    }

    private static String between(String text, String open, String close) {
        int from = text.indexOf(open) + open.length();
        int to = text.indexOf(close, from);
        if (to < 0) {
            throw cutOff(close);
        }
        return text.substring(from, to);
    }

    private static InputException cutOff(String mark) {
        return new InputException("the reply is cut off: it never reaches " + mark);
    }

    /**
     * The answer that may stand for a reference where there is none: what the solution states, or what the thought marks.
     * Empty for programs and proofs, which are no value, unless they mark one.
     */
    public Optional<String> answer() {
        String told = solution.isEmpty() ? thought : solution;
        if (Answers.isMarked(told) || !NO_VALUE.matcher(told).find()) {
            Optional<String> answer = Answers.extract(told);
            return answer.isPresent() || !Answers.isMarked(thought) ? answer : Answers.extract(thought);
        }
        return Optional.empty();
    }

    /**
     * The answer that the reply itself comes to, or an empty text. A last number that nothing announces counts as it when
     * it is the reference answer, and as nothing when it is not.
     */
    public String conclusion(String reference) {
        return Answers.extract(solution)
                .or(() -> Answers.extract(thought))
                .or(() -> Answers.lastNumber(thought).filter(number -> Equivalence.equal(reference, number)))
                .orElse("");
    }
}
