package cogent.pipeline.train;

import cogent.data.Sha256;
import cogent.train.rows.Example;
import java.nio.IntBuffer;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Long and short rationales in a proportion: a small student learns more from short ones with some long ones among them than from
 * either alone (Li et al., arXiv 2502.12143, who take one to four).
 *
 * <p>A rationale is long when it is longer than the lower median of those to its prompt, or, where its prompt has no other, of
 * all such rows; of the kind that there is too much of, some stay out by chance.
 *
 * @param share of the long ones among all, above 0 and below 1
 * @param seed decides which stay out
 */
record LengthMix(double share, long seed) {
    /** The rows that stay out, of some; none where all are of one length. */
    Set<Integer> surplus(List<Example> rows, List<Integer> of) {
        Map<IntBuffer, List<Integer>> prompts = of.stream()
                .collect(Collectors.groupingBy(
                        row -> IntBuffer.wrap(rows.get(row).prompt())));
        List<Integer> alone = prompts.values().stream()
                .filter(rivals -> rivals.size() == 1)
                .flatMap(List::stream)
                .toList();
        double medianOfAlone = median(rows, alone);
        Set<Integer> isLong = new HashSet<>();
        for (List<Integer> rivals : prompts.values()) {
            double median = rivals.size() == 1 ? medianOfAlone : median(rows, rivals);
            rivals.stream().filter(row -> tokens(rows, row) > median).forEach(isLong::add);
        }
        int longs = isLong.size();
        int shorts = of.size() - longs;
        if (longs == 0) {
            return Set.of();
        }
        boolean tooMany = longs * (1 - share) > shorts * share;
        int kept = (int) Math.round(tooMany ? shorts * share / (1 - share) : longs * (1 - share) / share);
        return of.stream()
                .filter(row -> isLong.contains(row) == tooMany)
                .sorted(Comparator.comparing(
                        row -> Sha256.hex(seed + rows.get(row).id())))
                .skip(kept)
                .collect(Collectors.toSet());
    }

    private static double median(List<Example> rows, List<Integer> of) {
        double[] lengths =
                of.stream().mapToDouble(row -> tokens(rows, row)).sorted().toArray();
        return lengths.length == 0 ? 0 : lengths[(lengths.length - 1) / 2];
    }

    private static int tokens(List<Example> rows, int row) {
        return rows.get(row).completion().length;
    }
}
