package cogent.jinja.value;

import java.math.BigInteger;
import java.util.AbstractList;
import java.util.Objects;

/** Python's range, never longer than the sandbox allows. */
public final class Range extends AbstractList<Object> {
    private static final int LONGEST = 100_000;

    private final long start;
    private final long stop;
    private final long step;
    private final int size;

    public Range(long start, long stop, long step) {
        if (step == 0) {
            throw new TemplateException("range() arg 3 must not be zero");
        }
        long length = step > 0 ? Math.ceilDiv(stop - start, step) : Math.ceilDiv(start - stop, -step);
        if (length > LONGEST) {
            throw new TemplateException(
                    "Range too big. The sandbox blocks ranges larger than MAX_RANGE (" + LONGEST + ").");
        }
        this.start = start;
        this.stop = stop;
        this.step = step;
        this.size = (int) Math.max(0, length);
    }

    public Range slice(int from, int to, int by) {
        return new Range(start + from * step, start + to * step, step * by);
    }

    @Override
    public Object get(int index) {
        return BigInteger.valueOf(start + Objects.checkIndex(index, size) * step);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public String toString() {
        return "range(" + start + ", " + stop + (step == 1 ? "" : ", " + step) + ")";
    }
}
