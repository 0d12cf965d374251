package cogent.curate.run;

import cogent.curate.Curated;
import cogent.data.Sample;
import java.util.Optional;

/**
 * A sample of a run as lists show it.
 *
 * @param position in the corpus, from 0
 * @param curated empty where no endpoint answered, or a reply is still out
 * @param reason why it was left out; empty where it was not
 */
public record ListedSample(long position, Sample sample, Optional<Curated> curated, String reason) {}
