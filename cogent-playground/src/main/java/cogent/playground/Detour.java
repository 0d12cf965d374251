package cogent.playground;

/**
 * The convoluted way through one operation. Which detour is taken hangs on the seed alone, so that the same step of the
 * same problem always takes the same one.
 */
final class Detour {
    private Detour() {}

    static String write(Working working, long seed) {
        String way = seed >>> 63 == 0 ? farBase(working, seed) : doubling(working);
        return working.isRight() ? way + check(working) : way;
    }

    /** 47 + 38: from 600, which is 553 too far. */
    private static String farBase(Working working, long seed) {
        int left = working.left();
        int base = base(left, seed);
        int far = base - left;
        Op op = working.op();
        int there = op.apply(base, working.right());
        int back = op == Op.MULTIPLY ? far * working.right() : far;
        String scaled = op == Op.MULTIPLY ? equation(far, op, working.right(), back) + ", " : "";
        return "Hmm, take " + base + " for " + left + ", off by " + far + ". "
                + equation(base, op, working.right(), there) + ", " + scaled + "and back: "
                + equation(there, Op.SUBTRACT, back, working.result()) + ".";
    }

    /** 47 + 38: twice each, and half of what comes out. */
    private static String doubling(Working working) {
        int left = working.left() * 2;
        int right = working.op() == Op.MULTIPLY ? working.right() : working.right() * 2;
        int twice = working.result() * 2;
        String scaled = working.op() == Op.MULTIPLY ? "" : equation(working.right(), Op.MULTIPLY, 2, right) + ", ";
        return "Hmm, twice that: " + equation(working.left(), Op.MULTIPLY, 2, left) + ", " + scaled
                + equation(left, working.op(), right, twice) + ", and half of " + twice + " is " + working.result()
                + ".";
    }

    /** The same the other way round. */
    private static String check(Working working) {
        return switch (working.op()) {
            case ADD -> " Wait, " + equation(working.result(), Op.SUBTRACT, working.left(), working.right()) + ", yes.";
            case SUBTRACT -> " Wait, " + equation(working.result(), Op.ADD, working.right(), working.left()) + ", yes.";
            case MULTIPLY -> "";
        };
    }

    private static String equation(int a, Op op, int b, int c) {
        return a + " " + op.symbol + " " + b + " = " + c;
    }

    /** A round number well beyond both the number and its neighbours of the same length: 300 to 900 for 47. */
    private static int base(int left, long seed) {
        int scale = 10;
        while (scale <= left) {
            scale *= 10;
        }
        return scale * (3 + Seeds.below(seed, 7));
    }
}
