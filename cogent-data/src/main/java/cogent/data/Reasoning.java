package cogent.data;

import cogent.answer.Answers;
import cogent.answer.Equivalence;
import java.util.Optional;

/**
 * A written reply taken apart: the thought, and the solution that follows it where the two are marked.
 *
 * @param solution empty when the reply is one piece
 */
public record Reasoning(String thought, String solution) {
    /** @throws InputException when the thought is opened and never closed: such a text was cut off */
    public static Reasoning of(String reply) {
        String text = reply.strip();
        if (text.contains("<|begin_of_thought|>")) {
            String thought = between(text, "<|begin_of_thought|>", "<|end_of_thought|>");
            String rest = text.substring(text.indexOf("<|end_of_thought|>") + "<|end_of_thought|>".length());
            return parts(thought, rest.replace("<|begin_of_solution|>", "").replace("<|end_of_solution|>", ""));
        }
        int close = text.lastIndexOf("</think>");
        if (close >= 0) {
            // chat templates may open the block in the prompt, so that only its end is in the reply
            String thought = text.startsWith("<think>") ? text.substring(7, close) : text.substring(0, close);
            return parts(thought, text.substring(close + "</think>".length()));
        }
        if (text.startsWith("<think>")) {
            throw cutOff("</think>");
        }
        int mark = text.lastIndexOf("\n####");
        return mark < 0 ? new Reasoning(text, "") : parts(text.substring(0, mark), text.substring(mark));
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
        return new InputException("the rationale is cut off: it never reaches " + mark);
    }

    /** The answer that the reply states: in the solution, else in the thought. */
    public Optional<String> conclusion() {
        return Answers.extract(solution).or(() -> Answers.extract(thought));
    }

    /**
     * The same, with the reference answer at hand: a last number that nothing announces counts as the conclusion when it
     * is that answer, and as nothing when it is not.
     */
    public String conclusion(String reference) {
        return conclusion()
                .or(() -> Answers.lastNumber(thought).filter(number -> Equivalence.equal(reference, number)))
                .orElse("");
    }
}
