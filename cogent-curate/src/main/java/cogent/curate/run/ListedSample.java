package cogent.curate.run;

import cogent.curate.Curated;
import cogent.data.Sample;
import java.util.Optional;

/**
 * A sample of a run as lists show it.
 *
 * @param position in the corpus, from 0
 * @param curated empty where no endpoint answered, or a reply is still out
 * @param reason why it was left out, or cannot be read; empty where neither
 * @param readable false where {@code run.db} is damaged: of the sample nothing but its id is known then
 */
public record ListedSample(long position, Sample sample, Optional<Curated> curated, String reason, boolean readable) {}
