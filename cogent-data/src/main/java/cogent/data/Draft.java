package cogent.data;

import org.jspecify.annotations.Nullable;

/**
 * A row of a corpus whose rationale may still have to be written.
 *
 * @param line where it stands in the corpus, from 1; 0 where nobody needs to know
 * @param rationale null where there is none yet
 */
public record Draft(long line, Problem problem, @Nullable Rationale rationale) {
    public static Draft of(Sample sample) {
        return new Draft(0, sample.problem(), sample.rationale());
    }
}
