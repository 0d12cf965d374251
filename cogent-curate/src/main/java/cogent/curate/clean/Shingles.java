package cogent.curate.clean;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/** A text as the set of its runs of {@code n} words (lower case, letters and digits only), each as a 64-bit hash. */
final class Shingles {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

    private Shingles() {}

    /** The distinct hashes; one for the whole text where it has fewer than {@code n} words, none where it has no word. */
    static long[] of(String text, int n) {
        long[] words = WORD.matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .mapToLong(word -> hash(word.group()))
                .toArray();
        if (words.length == 0) {
            return new long[0];
        }
        int width = Math.min(n, words.length);
        long[] hashes = new long[words.length - width + 1];
        for (int i = 0; i < hashes.length; i++) {
            long hash = 0;
            for (int j = 0; j < width; j++) {
                hash = mix(hash ^ words[i + j]);
            }
            hashes[i] = hash;
        }
        return Arrays.stream(hashes).distinct().toArray();
    }

    private static long hash(String word) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < word.length(); i++) {
            hash = (hash ^ word.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    /** SplitMix64's finaliser. */
    static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
