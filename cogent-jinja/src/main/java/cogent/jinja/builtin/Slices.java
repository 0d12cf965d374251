package cogent.jinja.builtin;

import cogent.jinja.value.None;
import cogent.jinja.value.PythonNumbers;
import cogent.jinja.value.PythonText;
import cogent.jinja.value.PythonValues;
import cogent.jinja.value.Range;
import cogent.jinja.value.RenderBudget;
import cogent.jinja.value.TemplateException;
import cogent.jinja.value.Tuple;
import cogent.jinja.value.Types;
import cogent.jinja.value.Undefined;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code target[place]} and {@code target[start:stop:step]} of texts, lists and tuples. */
public final class Slices {
    private Slices() {}

    /** The element at a place, counted from the end where it is negative, or null. */
    static @Nullable Object element(Object target, BigInteger place) {
        if (place.bitLength() > 31) {
            return null;
        }
        if (Types.isString(target)) {
            String text = PythonValues.string(target);
            RenderBudget.work(1 + text.length() / 256);
            int length = PythonText.length(text);
            int i = place.intValue() < 0 ? place.intValue() + length : place.intValue();
            return i < 0 || i >= length ? null : Character.toString(text.codePointAt(PythonText.offset(text, i)));
        }
        List<Object> items = indexed(target);
        int i = place.intValue() < 0 ? place.intValue() + items.size() : place.intValue();
        return i < 0 || i >= items.size() ? null : items.get(i);
    }

    private static List<Object> indexed(Object target) {
        return switch (target) {
            case List<?> list -> PythonValues.list(list);
            case Tuple tuple -> tuple.items();
            default -> List.of();
        };
    }

    /** {@code target[start:stop:step]}, None where a part is left out. */
    public static Object slice(Object target, Object start, Object stop, Object step) {
        if (target instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (target instanceof Map) {
            throw new TemplateException("unhashable type: 'slice'");
        }
        boolean text = Types.isString(target);
        if (!text && !(target instanceof List) && !(target instanceof Tuple)) {
            return new Undefined("'" + Types.name(target) + " object' has no element slice(" + PythonValues.repr(start)
                    + ", " + PythonValues.repr(stop) + ", " + PythonValues.repr(step) + ")");
        }
        int by = step == None.NONE ? 1 : PythonNumbers.index(step);
        if (by == 0) {
            throw new TemplateException("slice step cannot be zero");
        }
        String string = text ? PythonValues.string(target) : "";
        List<Object> items = text ? List.of() : indexed(target);
        int size = text ? PythonText.length(string) : items.size();
        int from = start == None.NONE ? (by > 0 ? 0 : size - 1) : place(start, size, by);
        int to = stop == None.NONE ? (by > 0 ? size : -1) : place(stop, size, by);
        if (text) {
            return substring(string, from, to, by);
        }
        if (items instanceof Range range) {
            return range.slice(from, to, by);
        }
        var slice = new ArrayList<Object>();
        for (long i = from; by > 0 ? i < to : i > to; i += by) {
            slice.add(items.get((int) i));
        }
        RenderBudget.work(slice.size());
        return target instanceof Tuple ? Tuple.of(slice) : slice;
    }

    private static int place(Object bound, int size, int step) {
        if (!PythonNumbers.isInt(bound)) {
            throw new TemplateException("slice indices must be integers or None or have an __index__ method");
        }
        long place = PythonNumbers.index(bound);
        place = place < 0 ? place + size : place;
        return step > 0 ? Math.clamp(place, 0, size) : Math.clamp(place, -1, size - 1);
    }

    private static String substring(String text, int from, int to, int by) {
        if (by == 1) {
            return from >= to
                    ? ""
                    : RenderBudget.text(text.substring(PythonText.offset(text, from), PythonText.offset(text, to)));
        }
        RenderBudget.characters(text.length());
        int[] points = text.codePoints().toArray();
        var slice = new StringBuilder();
        for (long i = from; by > 0 ? i < to : i > to; i += by) {
            slice.appendCodePoint(points[(int) i]);
        }
        return slice.toString();
    }
}
