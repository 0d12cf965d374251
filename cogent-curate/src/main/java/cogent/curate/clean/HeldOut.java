package cogent.curate.clean;

import cogent.curate.SampleOutcome;
import cogent.data.Problem;
import cogent.data.Sample;
import cogent.data.Sha256;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Keeps a share of the problems back. The text of a problem alone decides, so that equal problems are on the same side
 * whatever their ids and order, in every run.
 *
 * @param share of the problems, 0 to 1
 */
public record HeldOut(double share) implements SampleFilter {
    /** Whether the problem is kept back. */
    public boolean holds(Problem problem) {
        byte[] digest = new Sha256().addPart(problem.text().strip()).bytes();
        return (ByteBuffer.wrap(digest).getLong() >>> 11) * 0x1p-53 < share;
    }

    @Override
    public Optional<SampleOutcome.Refused> refuse(Sample sample) {
        return refuse(sample.problem());
    }

    @Override
    public Optional<SampleOutcome.Refused> refuse(Problem problem) {
        return holds(problem)
                ? Optional.of(new SampleOutcome.Refused(SampleOutcome.Stage.HELD_OUT, "held out", ""))
                : Optional.empty();
    }
}
