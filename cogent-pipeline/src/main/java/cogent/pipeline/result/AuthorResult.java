package cogent.pipeline.result;

import cogent.curate.run.CurationSummary.Replies;
import cogent.llm.meter.Meter;
import java.util.Map;
import java.util.Optional;

/**
 * The rationales that the corpus lacked.
 *
 * @param missing how many it lacked
 * @param replies the author's; each that was used is a rationale written
 * @param refused problems left without one, by reason
 */
public record AuthorResult(long missing, Replies replies, Map<String, Long> refused, Meter.Snapshot calls)
        implements StageResult {
    /** Rationales that are there now. */
    public long written() {
        return replies.used();
    }

    @Override
    public Optional<Meter.Snapshot> spent() {
        return Optional.of(calls);
    }
}
