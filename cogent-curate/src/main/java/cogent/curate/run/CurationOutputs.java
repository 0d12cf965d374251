package cogent.curate.run;

import cogent.curate.Curated;
import cogent.curate.PairBuilder;
import cogent.curate.SampleOutcome;
import cogent.curate.agent.FailedAttempt;
import cogent.data.PreferencePair;
import cogent.data.Sample;
import cogent.data.file.JsonLinesWriter;
import cogent.data.file.RefusedRow;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The files that a curation leaves; none of them is visible before all are whole. */
final class CurationOutputs implements AutoCloseable {
    private final PairBuilder pairs;
    private final JsonLinesWriter sft;
    private final JsonLinesWriter preferences;
    private final JsonLinesWriter refused;
    private final @Nullable JsonLinesWriter flagged;
    private final CurationTally tally = new CurationTally();

    /** @param flags whether there is a {@code flagged.jsonl} */
    CurationOutputs(Path directory, PairBuilder pairs, boolean flags) {
        this.pairs = pairs;
        this.sft = JsonLinesWriter.create(directory.resolve("sft.jsonl"));
        this.preferences = JsonLinesWriter.create(directory.resolve("preferences.jsonl"));
        this.refused = JsonLinesWriter.create(directory.resolve("refused.jsonl"));
        this.flagged = flags ? JsonLinesWriter.create(directory.resolve("flagged.jsonl")) : null;
    }

    /** A corpus row that is no sample: those come first in {@code refused.jsonl}. */
    void refuse(RefusedRow row) {
        refused.write(RefusedSample.of(row));
        tally.refuse(
                new SampleOutcome.Refused(SampleOutcome.Stage.CORPUS, FailedAttempt.withoutDetail(row.reason()), ""));
    }

    /** A sample that a filter left out. */
    void refuse(Sample sample, SampleOutcome.Refused why) {
        if (why.stage() == SampleOutcome.Stage.HELD_OUT) {
            tally.holdOut();
            return;
        }
        refused.write(RefusedSample.of(sample, why));
        tally.refuse(why);
    }

    /** A sample that stays and is named all the same: a line of {@code flagged.jsonl}, which is there where this is asked for. */
    void flag(Sample sample, SampleOutcome.Refused what) {
        Objects.requireNonNull(flagged).write(RefusedSample.of(sample, what));
        tally.flag(what);
    }

    /** Writes every sample of the table, in the order of the corpus. */
    CurationSummary write(SampleTable table) {
        table.forEach(entry -> {
            switch (entry) {
                case SampleTable.Entry.Done done -> write(done.curated());
                case SampleTable.Entry.Failed failed -> refuse(failed.sample(), unanswered(failed));
            }
        });
        sft.commit();
        preferences.commit();
        refused.commit();
        if (flagged != null) {
            flagged.commit();
        }
        return tally.summary();
    }

    static SampleOutcome.Refused unanswered(SampleTable.Entry.Failed failed) {
        return new SampleOutcome.Refused(SampleOutcome.Stage.ENDPOINT, "no answer", failed.reason());
    }

    private void write(Curated curated) {
        List<PreferencePair> made = pairs.preferences(curated);
        pairs.sft(curated).forEach(sft::write);
        made.forEach(preferences::write);
        if (curated.outcome() instanceof SampleOutcome.Refused why) {
            refused.write(RefusedSample.of(curated.sample(), why));
        }
        tally.add(curated, made);
    }

    @Override
    public void close() {
        try (sft;
                preferences;
                refused;
                flagged) {
            return;
        }
    }
}
