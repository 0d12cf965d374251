package cogent.model.gguf;

import java.nio.ByteBuffer;

/** Super-blocks of 256 values, whose smaller blocks have scales of a few bits; see {@link SuperBlocks} for their layout. */
final class KQuants {
    private static final int VALUES = 256;
    private static final float NOTHING = 1e-15f;

    private KQuants() {}

    /** Eight blocks of 32 values of 4 bits, each with a scale and a minimum of 6 bits. */
    static void q4(float[] values, int at, ByteBuffer out) {
        fourBits(affine(Affine.Q4, values, at, out), out);
    }

    /** The same of 5 bits: the fifth ones of all stand first. */
    static void q5(float[] values, int at, ByteBuffer out) {
        int[] quants = affine(Affine.Q5, values, at, out);
        byte[] fifths = new byte[Affine.SIZE];
        for (int i = 0; i < VALUES; i++) {
            fifths[i % Affine.SIZE] |= (byte) (quants[i] >> 4 << (i / Affine.SIZE));
        }
        fourBits(quants, out.put(fifths));
    }

    private static void fourBits(int[] quants, ByteBuffer out) {
        int size = Affine.SIZE;
        for (int i = 0; i < VALUES; i += 2 * size) {
            for (int l = i; l < i + size; l++) {
                out.put((byte) ((quants[l] & 15) | (quants[l + size] & 15) << 4));
            }
        }
    }

    /** Writes the scales and minimums. */
    private static int[] affine(Affine.Search search, float[] values, int at, ByteBuffer out) {
        int blocks = 8;
        int size = VALUES / blocks;
        float[] scales = new float[blocks];
        float[] minimums = new float[blocks];
        int[] quants = new int[VALUES];
        float largestScale = 0;
        float largestMinimum = 0;
        for (int j = 0; j < blocks; j++) {
            Affine fitted = Affine.fit(search, values, at + j * size, quants, j * size);
            scales[j] = fitted.scale();
            minimums[j] = fitted.minimum();
            largestScale = Math.max(largestScale, scales[j]);
            largestMinimum = Math.max(largestMinimum, minimums[j]);
        }
        float perScale = largestScale > 0 ? 63 / largestScale : 0;
        float perMinimum = largestMinimum > 0 ? 63 / largestMinimum : 0;
        short scale = Float.floatToFloat16(largestScale / 63);
        short minimum = Float.floatToFloat16(largestMinimum / 63);
        int[] scaleSteps = new int[blocks];
        int[] minimumSteps = new int[blocks];
        for (int j = 0; j < blocks; j++) {
            scaleSteps[j] = Math.min(63, nearest(perScale * scales[j]));
            minimumSteps[j] = Math.min(63, nearest(perMinimum * minimums[j]));
            float step = Float.float16ToFloat(scale) * scaleSteps[j];
            float below = Float.float16ToFloat(minimum) * minimumSteps[j];
            for (int i = j * size; step != 0 && i < (j + 1) * size; i++) {
                quants[i] = Math.clamp(nearest((values[at + i] + below) / step), 0, search.most());
            }
        }
        out.putShort(scale).putShort(minimum).put(packed(scaleSteps, minimumSteps));
        return quants;
    }

    /** Eight scales and eight minimums of 6 bits in 12 bytes: the first four whole, of the others the upper two bits beside them. */
    private static byte[] packed(int[] scales, int[] minimums) {
        byte[] packed = new byte[12];
        for (int j = 0; j < 4; j++) {
            packed[j] = (byte) (scales[j] | (scales[j + 4] >> 4) << 6);
            packed[j + 4] = (byte) (minimums[j] | (minimums[j + 4] >> 4) << 6);
            packed[j + 8] = (byte) ((scales[j + 4] & 15) | (minimums[j + 4] & 15) << 4);
        }
        return packed;
    }

    /** Sixteen blocks of 16 values of 6 bits, each with a scale of 8 bits. */
    static void q6(float[] values, int at, ByteBuffer out) {
        int blocks = 16;
        int size = VALUES / blocks;
        float[] scales = new float[blocks];
        int[] quants = new int[VALUES];
        float farthest = 0;
        for (int j = 0; j < blocks; j++) {
            scales[j] = Symmetric.fit(values, at + j * size, quants, j * size);
            farthest = Math.abs(scales[j]) > Math.abs(farthest) ? scales[j] : farthest;
        }
        if (Math.abs(farthest) < NOTHING) {
            return; // a block of zeros
        }
        float perScale = -128f / farthest;
        short scale = Float.floatToFloat16(1 / perScale);
        byte[] steps = new byte[blocks];
        for (int j = 0; j < blocks; j++) {
            steps[j] = (byte) Math.min(127, nearest(perScale * scales[j]));
            float step = Float.float16ToFloat(scale) * steps[j];
            for (int i = j * size; step != 0 && i < (j + 1) * size; i++) {
                quants[i] = Math.clamp(nearest(values[at + i] / step), -32, 31) + 32;
            }
        }
        byte[] low = new byte[VALUES / 2];
        byte[] high = new byte[VALUES / 4];
        for (int i = 0; i < VALUES / 4; i++) {
            int from = i / 32 * 128 + i % 32;
            int into = i / 32 * 64 + i % 32;
            low[into] = (byte) ((quants[from] & 15) | (quants[from + 64] & 15) << 4);
            low[into + 32] = (byte) ((quants[from + 32] & 15) | (quants[from + 96] & 15) << 4);
            high[i] = (byte) (quants[from] >> 4
                    | quants[from + 32] >> 4 << 2
                    | quants[from + 64] >> 4 << 4
                    | quants[from + 96] >> 4 << 6);
        }
        out.put(low).put(high).put(steps).putShort(scale);
    }

    /** Halves to the even neighbour: what is left of the fraction's bits beside 1.5 · 2²³, as ggml has it also for infinities. */
    private static int nearest(float x) {
        return (Float.floatToRawIntBits(x + 12_582_912f) & 0x7FFFFF) - 0x400000;
    }

    /**
     * 32 values as {@code scale · q - minimum} with q from 0 to what is the most: of some spacings that one whose least squares,
     * weighted by the values' size, come out best.
     */
    private record Affine(float scale, float minimum) {
        static final Search Q4 = new Search(15, -1, 21);
        static final Search Q5 = new Search(31, -0.5f, 16);

        private static final int SIZE = 32;

        /** @param first by how many steps the first of the spacings is wider than what the values span */
        private record Search(int most, float first, int spacings) {}

        static Affine fit(Search search, float[] values, int at, int[] quants, int into) {
            float[] weights = weights(values, at);
            float least = values[at];
            float largest = values[at];
            float sumW = weights[0];
            float sumX = sumW * values[at];
            for (int i = 1; i < SIZE; i++) {
                float x = values[at + i];
                least = Math.min(least, x);
                largest = Math.max(largest, x);
                sumW += weights[i];
                sumX += weights[i] * x;
            }
            least = Math.min(least, 0);
            if (largest == least) {
                return new Affine(0, -least);
            }
            float perStep = search.most / (largest - least);
            float scale = 1 / perStep;
            float minimum = least;
            int[] tried = new int[SIZE];
            quantise(search.most, values, at, perStep, least, quants, into);
            float best = error(values, at, weights, scale, minimum, quants, into);
            for (int spacing = 0; spacing < search.spacings; spacing++) {
                // from the best minimum so far on, as ggml has it
                float wider = search.first + 0.1f * spacing + search.most;
                quantise(search.most, values, at, wider / (largest - minimum), minimum, tried, 0);
                float sumL = 0;
                float sumL2 = 0;
                float sumXl = 0;
                for (int i = 0; i < SIZE; i++) {
                    sumL += weights[i] * tried[i];
                    sumL2 += weights[i] * tried[i] * tried[i];
                    sumXl += weights[i] * tried[i] * values[at + i];
                }
                float determinant = sumW * sumL2 - sumL * sumL;
                if (determinant <= 0) {
                    continue;
                }
                float thisScale = (sumW * sumXl - sumX * sumL) / determinant;
                float thisMinimum = (sumL2 * sumX - sumL * sumXl) / determinant;
                if (thisMinimum > 0) {
                    thisMinimum = 0;
                    thisScale = sumXl / sumL2;
                }
                float error = error(values, at, weights, thisScale, thisMinimum, tried, 0);
                if (error < best) {
                    System.arraycopy(tried, 0, quants, into, SIZE);
                    best = error;
                    scale = thisScale;
                    minimum = thisMinimum;
                }
            }
            return new Affine(scale, -minimum);
        }

        /** The root mean square of all beside the value's own size. */
        private static float[] weights(float[] values, int at) {
            float squares = 0;
            for (int i = at; i < at + SIZE; i++) {
                squares += values[i] * values[i];
            }
            float size = (float) Math.sqrt(squares / SIZE);
            float[] weights = new float[SIZE];
            for (int i = 0; i < SIZE; i++) {
                weights[i] = size + Math.abs(values[at + i]);
            }
            return weights;
        }

        private static void quantise(
                int most, float[] values, int at, float perStep, float least, int[] quants, int into) {
            for (int i = 0; i < SIZE; i++) {
                quants[into + i] = Math.clamp(nearest(perStep * (values[at + i] - least)), 0, most);
            }
        }

        private static float error(
                float[] values, int at, float[] weights, float scale, float minimum, int[] quants, int from) {
            float error = 0;
            for (int i = 0; i < SIZE; i++) {
                float off = scale * quants[from + i] + minimum - values[at + i];
                error += weights[i] * (off * off);
            }
            return error;
        }
    }

    /** 16 values as {@code scale · (q - 32)} with q from 0 to 63: of 19 spacings the best by least squares, weighted by the squares. */
    private static final class Symmetric {
        private static final int SIZE = 16;
        private static final int MOST = 32;
        private static final int SPACINGS = 9;

        /** @return the scale */
        static float fit(float[] values, int at, int[] quants, int into) {
            float farthest = 0;
            for (int i = at; i < at + SIZE; i++) {
                farthest = Math.abs(values[i]) > Math.abs(farthest) ? values[i] : farthest;
            }
            if (Math.abs(farthest) < NOTHING) {
                return 0;
            }
            float scale = 0;
            float best = 0;
            for (int n = 0; n <= 2 * SPACINGS; n++) {
                int spacing = n == 0 ? 0 : n <= SPACINGS ? n - SPACINGS - 1 : n - SPACINGS;
                float perStep = -(MOST + 0.1f * spacing) / farthest;
                float sumXl = 0;
                float sumL2 = 0;
                for (int i = at; i < at + SIZE; i++) {
                    int l = step(perStep * values[i]);
                    float weight = values[i] * values[i];
                    sumXl += weight * values[i] * l;
                    sumL2 += weight * l * l;
                }
                if (n == 0 || (sumL2 > 0 && sumXl * sumXl > best * sumL2)) {
                    for (int i = 0; i < SIZE; i++) {
                        quants[into + i] = MOST + step(perStep * values[at + i]);
                    }
                    scale = sumL2 == 0 ? 0 : sumXl / sumL2;
                    best = scale * sumXl;
                }
            }
            return scale;
        }

        private static int step(float steps) {
            return Math.clamp(nearest(steps), -MOST, MOST - 1);
        }
    }
}
