package cogent.model.gguf;

import java.nio.ByteBuffer;

/** ggml's quantised blocks of 32 values (ggml-quants.c): a scale, in some a minimum, and a few bits for every value. */
final class Blocks {
    /** Of IQ4: what its sixteen codes stand for. */
    static final int[] CODEBOOK = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

    private static final int HALF = 16;

    private Blocks() {}

    static void q40(ByteBuffer in, float[] out, int at) {
        float scale = half(in);
        for (int i = 0; i < HALF; i++) {
            int two = in.get();
            out[at + i] = scale * ((two & 15) - 8);
            out[at + i + HALF] = scale * (bits(two, 4, 15) - 8);
        }
    }

    static void q41(ByteBuffer in, float[] out, int at) {
        float scale = half(in);
        float minimum = half(in);
        for (int i = 0; i < HALF; i++) {
            int two = in.get();
            out[at + i] = scale * (two & 15) + minimum;
            out[at + i + HALF] = scale * bits(two, 4, 15) + minimum;
        }
    }

    static void q50(ByteBuffer in, float[] out, int at) {
        float scale = half(in);
        int fifths = in.getInt();
        for (int i = 0; i < HALF; i++) {
            int two = in.get();
            out[at + i] = scale * (((two & 15) | fifth(fifths, i)) - 16);
            out[at + i + HALF] = scale * ((bits(two, 4, 15) | fifth(fifths, i + HALF)) - 16);
        }
    }

    static void q51(ByteBuffer in, float[] out, int at) {
        float scale = half(in);
        float minimum = half(in);
        int fifths = in.getInt();
        for (int i = 0; i < HALF; i++) {
            int two = in.get();
            out[at + i] = scale * ((two & 15) | fifth(fifths, i)) + minimum;
            out[at + i + HALF] = scale * (bits(two, 4, 15) | fifth(fifths, i + HALF)) + minimum;
        }
    }

    static void q80(ByteBuffer in, float[] out, int at) {
        float scale = half(in);
        for (int i = 0; i < 2 * HALF; i++) {
            out[at + i] = scale * in.get();
        }
    }

    static void iq4(ByteBuffer in, float[] out, int at) {
        codes(in, half(in), out, at);
    }

    /** 32 codes in 16 bytes. */
    static void codes(ByteBuffer in, float scale, float[] out, int at) {
        for (int i = 0; i < HALF; i++) {
            int two = in.get();
            out[at + i] = scale * CODEBOOK[two & 15];
            out[at + i + HALF] = scale * CODEBOOK[bits(two, 4, 15)];
        }
    }

    /** The fifth bit of value i, in its place. */
    private static int fifth(int fifths, int i) {
        return bits(fifths, i, 1) << 4;
    }

    /** Some bits of a number, from the given one on. */
    static int bits(int number, int from, int mask) {
        return (number >>> from) & mask;
    }

    static float half(ByteBuffer in) {
        return Float.float16ToFloat(in.getShort());
    }
}
