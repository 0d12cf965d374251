package cogent.pipeline.keys;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** What somebody who slipped while typing probably meant. */
public final class Nearest {
    private Nearest() {}

    /** The known word nearest to the given one; none when all of them are too far away. */
    public static Optional<String> to(String given, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(k -> distance(k, given)))
                .filter(k -> distance(k, given) <= Math.max(2, given.length() / 2));
    }

    /** Levenshtein's distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
