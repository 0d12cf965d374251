package cogent.model.gguf;

import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;

/**
 * An order of rows or columns.
 *
 * @param from for every place there the place here; empty where they are the same
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares two
record Order(int[] from) {
    static final Order SAME = new Order(new int[0]);

    /** From a place on, {@code a} times {@code b} groups become {@code b} times {@code a}. */
    static Order transposed(int start, int a, int b, int each) {
        if (a == 1 || b == 1) {
            return SAME;
        }
        int[] from = new int[start + a * b * each];
        for (int there = 0; there < from.length; there++) {
            int group = (there - start) / each;
            from[there] = there < start ? there : start + ((group % a) * b + group / a) * each + (there - start) % each;
        }
        return new Order(from);
    }

    /** Pair i of a head is elements i and i + half here, 2i and 2i + 1 there. */
    static Order turned(int heads, int half) {
        int[] from = new int[2 * heads * half];
        for (int there = 0; there < from.length; there++) {
            int head = there / (2 * half);
            int within = there % (2 * half);
            from[there] = head * 2 * half + within / 2 + within % 2 * half;
        }
        return new Order(from);
    }

    boolean same() {
        return from.length == 0;
    }

    Tensor of(Tensor values, int dim) {
        return same() ? values : values.indexSelect(dim, Tensors.of(from, from.length));
    }

    /** For every place here the place there. */
    int[] back() {
        int[] back = new int[from.length];
        for (int there = 0; there < from.length; there++) {
            back[from[there]] = there;
        }
        return back;
    }

    float[] back(float[] there) {
        if (same()) {
            return there;
        }
        float[] here = new float[there.length];
        for (int i = 0; i < here.length; i++) {
            here[from[i]] = there[i];
        }
        return here;
    }
}
