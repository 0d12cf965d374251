package cogent.pipeline.result;

import cogent.curate.LengthBalance;
import cogent.curate.run.CurationSummary;
import cogent.llm.meter.Meter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The curation.
 *
 * @param unchecked evaluation sets whose data was not there, so that the corpus was not held against them
 */
public record CurateResult(CurationSummary curation, List<String> unchecked, Meter.Snapshot calls)
        implements StageResult {
    public CurateResult {
        unchecked = List.copyOf(unchecked);
    }

    /** Rows of {@code sft.jsonl}. */
    public long rows() {
        return sum(curation.kept());
    }

    /** Those of them that were rewritten. */
    public long rewritten() {
        return curation.kept().getOrDefault("rewrite", 0L);
    }

    /** Rows of {@code preferences.jsonl}. */
    public long pairs() {
        return curation.pairs().values().stream()
                .mapToLong(LengthBalance::pairs)
                .sum();
    }

    /** Rows of {@code refused.jsonl}. */
    public long refused() {
        return sum(curation.refused());
    }

    /** Those of them that no endpoint answered. */
    public long unanswered() {
        return unanswered(curation);
    }

    public static long unanswered(CurationSummary curation) {
        return curation.refused().getOrDefault("endpoint: no answer", 0L);
    }

    @Override
    public Optional<Meter.Snapshot> spent() {
        return Optional.of(calls);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
