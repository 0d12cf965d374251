package cogent.curate.run;

import cogent.curate.Curated;
import cogent.curate.SampleOutcome;
import cogent.data.Difficulty;
import org.jspecify.annotations.Nullable;

/** What the table of samples tells without reading a story. */
record SampleRow(@Nullable Difficulty label, int rounds, boolean kept) {
    static SampleRow of(Curated curated) {
        return new SampleRow(
                curated.critique().label(), curated.rounds().size(), curated.outcome() instanceof SampleOutcome.Kept);
    }
}
