package cogent.curate.clean;

import cogent.curate.SampleOutcome;
import cogent.data.Problem;
import cogent.data.Sample;
import java.util.Optional;

/**
 * Decides before any call whether a sample may enter the curation. Asked by one thread in the order of the corpus, so that
 * "the first of its kind stays" means the same in every run.
 */
@FunctionalInterface
public interface SampleFilter {
    /** Why the sample is left out; empty to let it in. */
    Optional<SampleOutcome.Refused> refuse(Sample sample);

    /** The same, as far as the problem alone tells: before a rationale is paid for. */
    default Optional<SampleOutcome.Refused> refuse(Problem problem) {
        return Optional.empty();
    }

    /** A refusal at the gate. */
    static Optional<SampleOutcome.Refused> refused(String reason, String detail) {
        return Optional.of(new SampleOutcome.Refused(SampleOutcome.Stage.CORPUS, reason, detail));
    }
}
