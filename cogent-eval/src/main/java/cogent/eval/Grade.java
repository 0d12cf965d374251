package cogent.eval;

import cogent.answer.Answers;
import cogent.answer.Choices;
import cogent.answer.Equivalence;
import cogent.answer.Verdict;
import java.util.Optional;

/**
 * How one reply was judged.
 *
 * @param extracted the final answer found; empty when none was
 * @param stated whether the reply states its answer; where it does not, the last number was taken
 */
public record Grade(String extracted, boolean stated, Verdict verdict) {
    /** Judges a reply's text; thinking in {@code <think>} is no answer. */
    public static Grade of(Benchmark benchmark, Question question, String reply) {
        String answer = withoutThinking(reply);
        Optional<String> stated =
                benchmark.grading() == Benchmark.Grading.CHOICE ? Choices.chosen(answer) : Answers.extract(answer);
        String extracted = stated.or(() -> Answers.lastNumber(answer)).orElse("");
        Verdict verdict = verdict(benchmark, question, extracted);
        // a sentence may say its answer in words, "Yes, because 7 is prime", of which the last number is no part
        return stated.isEmpty()
                        && !verdict.isEqual()
                        && isInWords(question.problem().answer())
                ? new Grade(
                        extracted, false, Equivalence.compare(question.problem().answer(), answer))
                : new Grade(extracted, stated.isPresent(), verdict);
    }

    private static boolean isInWords(String reference) {
        return reference.chars().noneMatch(Character::isDigit);
    }

    private static Verdict verdict(Benchmark benchmark, Question question, String extracted) {
        String reference = question.problem().answer();
        Verdict verdict = compared(reference, question.unit(), extracted);
        boolean tolerant = benchmark.tolerance() > 0 || !question.error().isEmpty();
        return !verdict.isEqual()
                        && tolerant
                        && !extracted.isEmpty()
                        && Equivalence.close(reference, extracted, question.error(), benchmark.tolerance())
                ? new Verdict(Verdict.Kind.EQUAL, "equal within the tolerance of the benchmark")
                : verdict;
    }

    /** With the unit that the data states apart: 30 m is not 30 (km), though 30 is. */
    private static Verdict compared(String reference, String unit, String extracted) {
        if (!unit.isEmpty()) {
            Verdict measured = Equivalence.compare(reference + " " + unit, extracted);
            if (measured.kind() != Verdict.Kind.UNKNOWN) {
                return measured;
            }
        }
        return Equivalence.compare(reference, extracted);
    }

    /** What follows the thinking, whether the reply or its prompt opened it; thinking that never ends leaves no answer at all. */
    static String withoutThinking(String reply) {
        int open = reply.lastIndexOf("<think>");
        int close = reply.lastIndexOf("</think>");
        String text = open > close ? reply.substring(0, open) : reply;
        return Answers.afterThinking(close < 0 ? text : text.substring(close + "</think>".length()));
    }
}
