package cogent.pipeline.plan;

import java.util.PriorityQueue;

/**
 * How fast the student writes.
 *
 * @param promptSeconds of a prompt by itself
 * @param stepSeconds of a token of all texts under way, however many they are
 * @param textSeconds of a token, for each text under way
 */
record Answering(double promptSeconds, double stepSeconds, double textSeconds) {
    /**
     * What texts of these lengths take: as one ends the next takes its place, and towards the end the batch gets smaller.
     *
     * @param atOnce texts under way
     */
    double seconds(int[] lengths, int atOnce) {
        PriorityQueue<Long> ends = new PriorityQueue<>();
        double seconds = lengths.length * promptSeconds;
        long step = 0;
        int begun = 0;
        while (begun < lengths.length || !ends.isEmpty()) {
            while (begun < lengths.length && ends.size() < atOnce) {
                ends.add(step + lengths[begun++] - 1); // the first token comes of the prompt
            }
            long end = ends.element();
            seconds += (end - step) * (stepSeconds + ends.size() * textSeconds);
            step = end;
            while (!ends.isEmpty() && ends.element() == step) {
                long _ = ends.remove();
            }
        }
        return seconds;
    }

    /** Tokens a second while so many texts are under way. */
    double tokensPerSecond(int atOnce) {
        return atOnce / (stepSeconds + atOnce * textSeconds);
    }
}
