package cogent.train.loop;

import java.util.Set;

/**
 * What on-policy distillation needs to know.
 *
 * @param train without held-out rows
 * @param maxNewTokens of a reply, at least 1
 * @param stopIds tokens that end a reply; they belong to it
 * @param repliesAtOnce that are written together, at least 1; changes time and memory only
 */
public record DistilSettings(TrainSettings train, int maxNewTokens, Set<Integer> stopIds, int repliesAtOnce) {
    public DistilSettings {
        stopIds = Set.copyOf(stopIds);
        if (maxNewTokens < 1 || repliesAtOnce < 1) {
            throw new IllegalArgumentException(
                    "replies of " + maxNewTokens + " tokens, " + repliesAtOnce + " at once: both are at least 1");
        }
        if (train.holdOut().every() > 0) {
            throw new IllegalArgumentException("distillation has no held-out rows");
        }
    }
}
