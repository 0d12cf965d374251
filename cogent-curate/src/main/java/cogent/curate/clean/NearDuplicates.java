package cogent.curate.clean;

import cogent.curate.SampleOutcome;
import cogent.data.Sample;
import java.util.Optional;

/**
 * Leaves out samples whose problem is nearly the same as an earlier one's: MinHash over runs of three words, nine bands of
 * fourteen. Of pairs with a Jaccard similarity of 0.95 it finds 99.8 %, of 0.9 90 %, of 0.8 33 %, of 0.7 6 %; equal texts
 * always. At most 200 bytes of memory a sample. Not for corpora that hold several rationales to a problem on purpose.
 */
public final class NearDuplicates implements SampleFilter {
    private static final int WORDS = 3;
    private static final int BANDS = 9;
    private static final int ROWS = 14;

    private final LongSet seen = new LongSet();

    @Override
    public Optional<SampleOutcome.Refused> refuse(Sample sample) {
        boolean known = false;
        for (long band : bands(sample.problem().text())) {
            known |= !seen.add(band);
        }
        return known ? SampleFilter.refused("nearly the same problem as an earlier sample", "") : Optional.empty();
    }

    /** Nine hashes of a problem's text; two problems that share one are nearly the same. */
    public static long[] bands(String text) {
        long[] shingles = Shingles.of(text, WORDS);
        long[] bands = new long[BANDS];
        for (int band = 0; band < BANDS; band++) {
            bands[band] = band(shingles, band);
        }
        return bands;
    }

    /** The hash of a band: of the least of the shingles under each of its fourteen orders. */
    private static long band(long[] shingles, int band) {
        long hash = 0;
        for (int row = band * ROWS; row < (band + 1) * ROWS; row++) {
            long salt = Shingles.mix(row);
            long least = Long.MAX_VALUE;
            for (long shingle : shingles) {
                least = Math.min(least, Shingles.mix(shingle ^ salt));
            }
            hash = Shingles.mix(hash ^ least);
        }
        return hash;
    }
}
