package cogent.curate.run;

import cogent.curate.SampleOutcome;
import cogent.data.Sample;
import cogent.data.file.RefusedRow;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code refused.jsonl}.
 *
 * @param id the sample's; null for a corpus row that is no sample
 * @param file the corpus file of such a row; else null
 * @param line its line there, or 0
 * @param reason in a few words, the same for equal cases
 * @param detail what varies; may be empty
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record RefusedSample(
        @Nullable String id, @Nullable String file, long line, String stage, String reason, String detail) {
    static RefusedSample of(Sample sample, SampleOutcome.Refused why) {
        return new RefusedSample(sample.id(), null, 0, why.stage().key(), why.reason(), why.detail());
    }

    static RefusedSample of(RefusedRow row) {
        return new RefusedSample(null, row.file(), row.line(), SampleOutcome.Stage.CORPUS.key(), row.reason(), "");
    }
}
