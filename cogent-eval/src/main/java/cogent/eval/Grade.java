package cogent.eval;

import cogent.answer.Answers;
import cogent.answer.Equivalence;
import cogent.answer.Verdict;
import java.util.List;
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
                benchmark.grading() == Benchmark.Grading.CHOICE ? Answers.choice(answer) : Answers.extract(answer);
        String extracted = stated.or(() -> Answers.lastNumber(answer)).orElse("");
        return new Grade(extracted, stated.isPresent(), verdict(benchmark, question, extracted));
    }

    private static Verdict verdict(Benchmark benchmark, Question question, String extracted) {
        String reference = question.problem().answer();
        Verdict verdict = Equivalence.compare(reference, extracted);
        boolean tolerant = benchmark.tolerance() > 0 || !question.error().isEmpty();
        return !verdict.isEqual() && tolerant && within(benchmark.tolerance(), question.error(), reference, extracted)
                ? new Verdict(Verdict.Kind.EQUAL, "equal within the tolerance of the benchmark")
                : verdict;
    }

    private static boolean within(double relative, List<Double> absolute, String reference, String extracted) {
        double[] gold = Equivalence.numbers(reference);
        double[] found = Equivalence.numbers(extracted);
        for (int i = 0; i < gold.length && gold.length == found.length; i++) {
            double allowed = absolute.isEmpty() ? 0 : absolute.get(Math.min(i, absolute.size() - 1));
            if (Math.abs(gold[i] - found[i]) > Math.max(allowed, relative * Math.abs(gold[i])) * (1 + 1e-9)) {
                return false;
            }
        }
        return gold.length > 0 && gold.length == found.length;
    }

    /** Thinking that never ends leaves no answer at all. */
    private static String withoutThinking(String reply) {
        String rest = Answers.afterThinking(reply);
        int open = rest.lastIndexOf("<think>");
        return rest.length() == reply.length() && open >= 0 ? rest.substring(0, open) : rest;
    }
}
