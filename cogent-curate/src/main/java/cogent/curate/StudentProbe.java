package cogent.curate;

import cogent.data.Problem;

/**
 * Measures how a rationale looks to the student itself. The model side plugs in here; the curation knows no tensors.
 * Called from as many threads as samples are in flight: an implementation queues or batches.
 */
@FunctionalInterface
public interface StudentProbe {
    /** @param work the rationale with its final answer removed */
    Measure measure(Problem problem, String work);

    /**
     * What was measured.
     *
     * @param answerLogp mean log-probability per token of the reference answer, given the problem and the work; at most 0
     * @param workLogp mean log-probability per token of the work, given the problem: how little it surprises; at most 0
     * @param tokens length of the work
     */
    record Measure(double answerLogp, double workLogp, int tokens) {}
}
