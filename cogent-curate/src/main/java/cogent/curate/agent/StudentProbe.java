package cogent.curate.agent;

import cogent.data.Problem;
import java.util.List;

/** Measures how rationales look to the student itself. The model side plugs in here; the curation knows no tensors. */
@FunctionalInterface
public interface StudentProbe {
    /**
     * What the student makes of some rationales, in their order. The same list gives the same figures to the last bit; a
     * rationale in other company may differ in the last digits.
     */
    List<Measure> measure(List<Work> works);

    /** @param text the rationale with its final answer removed */
    record Work(Problem problem, String text) {}

    /**
     * What was measured.
     *
     * @param answerLogp mean log-probability per token of the reference answer, given the problem and the work; at most 0
     * @param workLogp mean log-probability per token of the work, given the problem: how little it surprises; at most 0
     * @param rankSurprisal rank-surprisal ratio of the work (arXiv 2601.14249): low where it surprises with tokens that the
     *     student would think of; above 0, infinite where nothing surprises
     * @param tokens length of the work
     * @param fits whether all of it fits into the student's context; where not, nothing could be measured but the length
     */
    record Measure(double answerLogp, double workLogp, double rankSurprisal, int tokens, boolean fits) {
        /** Longer than the student can read. */
        public static Measure tooLong(int tokens) {
            return new Measure(0, 0, Double.POSITIVE_INFINITY, tokens, false);
        }
    }
}
