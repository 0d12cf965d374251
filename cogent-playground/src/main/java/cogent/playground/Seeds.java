package cogent.playground;

/** Numbers that look random and are a function of what they are made from: the same on every machine and every run. */
final class Seeds {
    private Seeds() {}

    /** Stafford's variant 13 of the 64-bit finaliser, as in SplitMix64. */
    static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    static long of(String text) {
        long hash = text.length();
        for (int i = 0; i < text.length(); i++) {
            hash = hash * 0x9e3779b97f4a7c15L + text.charAt(i);
        }
        return mix(hash);
    }

    static long of(String text, long salt) {
        return mix(of(text) + salt * 0x9e3779b97f4a7c15L);
    }

    /** A number below {@code bound} made from {@code seed}. */
    static int below(long seed, int bound) {
        return (int) Long.remainderUnsigned(seed, bound);
    }
}
