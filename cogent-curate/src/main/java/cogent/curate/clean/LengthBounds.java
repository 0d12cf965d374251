package cogent.curate.clean;

import cogent.curate.SampleOutcome;
import cogent.data.Count;
import cogent.data.Sample;
import java.util.Optional;

/**
 * Leaves out rationales that are shorter or longer than asked for.
 *
 * @param min fewest characters
 * @param max most characters
 */
public record LengthBounds(int min, int max) implements SampleFilter {
    @Override
    public Optional<SampleOutcome.Refused> refuse(Sample sample) {
        int length = sample.rationale().text().length();
        return length < min
                ? SampleFilter.refused("rationale too short", length + " of at least " + Count.of(min, "character"))
                : length > max
                        ? SampleFilter.refused(
                                "rationale too long", length + " of at most " + Count.of(max, "character"))
                        : Optional.empty();
    }
}
