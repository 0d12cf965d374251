package cogent.model.gguf;

import static cogent.model.gguf.Blocks.bits;

import java.nio.ByteBuffer;

/**
 * ggml's super-blocks of 256 values (ggml-quants.c): smaller blocks whose scales, and in some minimums, are themselves a few
 * bits beside one half-precision number.
 */
final class SuperBlocks {
    private static final int VALUES = 256;

    private SuperBlocks() {}

    /** Sixteen blocks of 16: 2 bits, scale and minimum of 4 bits each. */
    static void q2(ByteBuffer in, float[] out, int at) {
        byte[] scales = bytes(in, 16);
        byte[] quants = bytes(in, 64);
        float scale = Blocks.half(in);
        float minimum = Blocks.half(in);
        for (int i = 0; i < VALUES; i++) {
            int packed = scales[i / 16];
            out[at + i] = scale * (packed & 15) * twoBits(quants, i) - minimum * bits(packed, 4, 15);
        }
    }

    /** Sixteen blocks of 16: 2 bits and a third apart, scales of 6 bits. */
    static void q3(ByteBuffer in, float[] out, int at) {
        byte[] thirds = bytes(in, 32);
        byte[] quants = bytes(in, 64);
        byte[] packed = bytes(in, 12);
        float scale = Blocks.half(in);
        for (int i = 0; i < VALUES; i++) {
            int block = i / 16;
            int low = block < 8 ? packed[block] & 15 : bits(packed[block - 8], 4, 15);
            int high = bits(packed[8 + block % 4], 2 * (block / 4), 3);
            int third = bits(thirds[i % 32], i / 32, 1);
            out[at + i] = scale * ((low | (high << 4)) - 32) * (twoBits(quants, i) - (third == 0 ? 4 : 0));
        }
    }

    /** Eight blocks of 32: 4 bits, scale and minimum of 6 bits each. */
    static void q4(ByteBuffer in, float[] out, int at) {
        float scale = Blocks.half(in);
        float minimum = Blocks.half(in);
        byte[] packed = bytes(in, 12);
        byte[] quants = bytes(in, 128);
        for (int i = 0; i < VALUES; i++) {
            int block = i / 32;
            out[at + i] = scale * scale(packed, block) * fourBits(quants, i) - minimum * minimum(packed, block);
        }
    }

    /** As {@link #q4} with a fifth bit apart. */
    static void q5(ByteBuffer in, float[] out, int at) {
        float scale = Blocks.half(in);
        float minimum = Blocks.half(in);
        byte[] packed = bytes(in, 12);
        byte[] fifths = bytes(in, 32);
        byte[] quants = bytes(in, 128);
        for (int i = 0; i < VALUES; i++) {
            int block = i / 32;
            int value = fourBits(quants, i) | (bits(fifths[i % 32], block, 1) << 4);
            out[at + i] = scale * scale(packed, block) * value - minimum * minimum(packed, block);
        }
    }

    /** Sixteen blocks of 16: 4 bits and two more apart, scales of a byte. */
    static void q6(ByteBuffer in, float[] out, int at) {
        byte[] low = bytes(in, 128);
        byte[] high = bytes(in, 64);
        byte[] scales = bytes(in, 16);
        float scale = Blocks.half(in);
        for (int i = 0; i < VALUES; i++) {
            int half = i / 128;
            int quarter = i / 32 % 4;
            int four = bits(low[64 * half + i % 64], 4 * (quarter / 2), 15);
            int two = bits(high[32 * half + i % 32], 2 * quarter, 3);
            out[at + i] = scale * scales[i / 16] * ((four | (two << 4)) - 32);
        }
    }

    /** Eight blocks of 32 codes, scales of 6 bits. */
    static void iq4(ByteBuffer in, float[] out, int at) {
        float scale = Blocks.half(in);
        int high = in.getShort();
        byte[] low = bytes(in, 4);
        for (int block = 0; block < 8; block++) {
            int packed = bits(low[block / 2], 4 * (block % 2), 15) | (bits(high, 2 * block, 3) << 4);
            Blocks.codes(in, scale * (packed - 32), out, at + 32 * block);
        }
    }

    /** Value i of 2 bits: a byte holds the values 32 apart of one half. */
    private static int twoBits(byte[] quants, int i) {
        return bits(quants[32 * (i / 128) + i % 32], 2 * (i / 32 % 4), 3);
    }

    /** Value i of 4 bits: a byte holds two values 32 apart. */
    private static int fourBits(byte[] quants, int i) {
        return bits(quants[32 * (i / 64) + i % 32], 4 * (i / 32 % 2), 15);
    }

    private static int scale(byte[] packed, int block) {
        return block < 4 ? packed[block] & 63 : (packed[block + 4] & 15) | (bits(packed[block - 4], 6, 3) << 4);
    }

    private static int minimum(byte[] packed, int block) {
        return block < 4 ? packed[block + 4] & 63 : bits(packed[block + 4], 4, 15) | (bits(packed[block], 6, 3) << 4);
    }

    private static byte[] bytes(ByteBuffer in, int count) {
        byte[] bytes = new byte[count];
        in.get(bytes);
        return bytes;
    }
}
