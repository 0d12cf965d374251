package cogent.curate.clean;

import cogent.curate.SampleOutcome;
import cogent.data.Sample;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.Deflater;

/**
 * Leaves out rationales that are no text to learn from: broken encoding, or an end that repeats itself, as reasoning models
 * do when they are caught in a loop. The bound on how far the end may be compressed was set by 851 real long rationales,
 * see {@code docs/decisions/curation.md}.
 */
public final class Garble implements SampleFilter {
    private static final int TAIL = 4000;
    private static final double LOOPING = 0.16;

    @Override
    public Optional<SampleOutcome.Refused> refuse(Sample sample) {
        String text = sample.rationale().text();
        int broken = text.indexOf('\ufffd');
        if (broken >= 0) {
            return SampleFilter.refused("broken encoding", "character " + (broken + 1) + " of the rationale");
        }
        return text.length() >= TAIL && compressed(text.substring(text.length() - TAIL)) < LOOPING
                ? SampleFilter.refused("the rationale ends in a loop", "")
                : Optional.empty();
    }

    /** Deflated size ÷ size. */
    private static double compressed(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION)) {
            deflater.setInput(bytes);
            deflater.finish();
            return (double) deflater.deflate(new byte[bytes.length + 64]) / bytes.length;
        }
    }
}
