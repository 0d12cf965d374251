package cogent.jinja.builtin;

import cogent.jinja.value.CallArguments;
import cogent.jinja.value.None;
import cogent.jinja.value.Once;
import cogent.jinja.value.PythonNumbers;
import cogent.jinja.value.PythonValues;
import cogent.jinja.value.RenderBudget;
import cogent.jinja.value.TemplateException;
import cogent.jinja.value.Tuple;
import cogent.jinja.value.Types;
import cogent.jinja.value.Undefined;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Filters that order, group and cut sequences. */
final class ListFilters {
    private ListFilters() {}

    static Object apply(String name, Object value, CallArguments a) {
        return switch (name) {
            case "first" -> {
                List<Object> items = PythonValues.items(value);
                yield items.isEmpty() ? new Undefined("No first item, sequence was empty.") : items.getFirst();
            }
            case "last" -> last(value);
            case "sort" -> sort(value, a);
            case "unique" -> unique(value, a);
            case "dictsort" -> dictsort(value, a);
            case "groupby" -> groupBy(value, a);
            case "batch" -> batch(PythonValues.items(value), a);
            default -> slice(PythonValues.items(value), a);
        };
    }

    private static Object last(Object value) {
        if (value instanceof Once) {
            throw new TemplateException("'" + Types.name(value) + "' object is not reversible");
        }
        List<Object> items = PythonValues.items(value);
        return items.isEmpty() ? new Undefined("No last item, sequence was empty.") : items.getLast();
    }

    private static Object sort(Object value, CallArguments a) {
        boolean caseSensitive = a.flag(1, "case_sensitive", false);
        Object attribute = a.get(2, "attribute", None.NONE);
        List<Getter> getters = attribute == None.NONE
                ? List.of(Getter.of(null))
                : List.of(PythonValues.string(attribute).split(",", -1)).stream()
                        .map(Getter::of)
                        .toList();
        return sorted(PythonValues.items(value), a.flag(0, "reverse", false), item -> {
            var key = new ArrayList<Object>();
            for (Getter getter : getters) {
                key.add(caseSensitive ? getter.from(item) : Case.caseless(getter.from(item)));
            }
            return key.size() == 1 ? key.getFirst() : key;
        });
    }

    /** Stable also in reverse, as Python sorts. */
    private static List<Object> sorted(List<Object> items, boolean reverse, UnaryOperator<Object> key) {
        record Keyed(Object key, Object item) {}
        var keyed = new ArrayList<Keyed>();
        for (Object item : RenderBudget.counted(items)) {
            keyed.add(new Keyed(key.apply(item), item));
        }
        Comparator<Keyed> order = (x, y) -> PythonValues.compare(x.key(), y.key(), "<");
        keyed.sort(reverse ? order.reversed() : order);
        return new ArrayList<>(keyed.stream().map(Keyed::item).toList());
    }

    private static Object unique(Object value, CallArguments a) {
        boolean caseSensitive = a.flag(0, "case_sensitive", false);
        Getter attribute = Getter.of(a.find(1, "attribute"));
        var unique = new ArrayList<Object>();
        Set<Object> seen = new HashSet<>();
        for (Object item : PythonValues.items(value)) {
            Object key = attribute.from(item);
            if (seen.add(PythonValues.hashed(caseSensitive ? key : Case.caseless(key)))) {
                unique.add(item);
            }
        }
        return new Once("do_unique", unique);
    }

    private static Object dictsort(Object value, CallArguments a) {
        if (!(value instanceof Map<?, ?> map)) {
            throw value instanceof Undefined undefined
                    ? undefined.used()
                    : new TemplateException("'" + Types.name(value) + "' object has no attribute 'items'");
        }
        boolean caseSensitive = a.flag(0, "case_sensitive", false);
        int place = switch (a.string(1, "by", "key")) {
            case "key" -> 0;
            case "value" -> 1;
            default -> throw new TemplateException("You can only sort by either \"key\" or \"value\"");
        };
        return sorted(Methods.items(PythonValues.dictOf(map)), a.flag(2, "reverse", false), pair -> {
            Object key = ((Tuple) pair).items().get(place);
            return caseSensitive ? key : Case.caseless(key);
        });
    }

    private static Object groupBy(Object value, CallArguments a) {
        Getter attribute = Getter.of(a.get(0, "attribute"), a.find(1, "default"));
        boolean caseSensitive = a.flag(2, "case_sensitive", false);
        Function<Object, Object> key =
                item -> caseSensitive ? attribute.from(item) : Case.caseless(attribute.from(item));
        var groups = new ArrayList<Object>();
        var group = new ArrayList<Object>();
        for (Object item : sorted(PythonValues.items(value), false, key::apply)) {
            if (!group.isEmpty() && !PythonValues.equal(key.apply(item), key.apply(group.getFirst()))) {
                groups.add(group(attribute.from(group.getFirst()), group));
                group = new ArrayList<>();
            }
            group.add(item);
        }
        if (!group.isEmpty()) {
            groups.add(group(attribute.from(group.getFirst()), group));
        }
        return groups;
    }

    private static Tuple group(Object key, List<Object> items) {
        return new Tuple(List.of(key, items), List.of("grouper", "list"));
    }

    private static Object batch(List<Object> items, CallArguments a) {
        int size = Math.max(1, PythonNumbers.index(a.get(0, "linecount")));
        Object fill = a.get(1, "fill_with", None.NONE);
        var batches = new ArrayList<Object>();
        for (int i = 0; i < RenderBudget.counted(items).size(); i += size) {
            var batch = new ArrayList<>(items.subList(i, (int) Math.min((long) i + size, items.size())));
            fill(batch, size, fill);
            batches.add(batch);
            if (i > Integer.MAX_VALUE - size) {
                break;
            }
        }
        return new Once("do_batch", batches);
    }

    private static void fill(List<Object> batch, int size, Object fill) {
        if (fill != None.NONE) {
            RenderBudget.work(size);
            while (batch.size() < size) {
                batch.add(fill);
            }
        }
    }

    /** As many lists as asked for, the first ones longer by one where it does not come out even. */
    private static Object slice(List<Object> items, CallArguments a) {
        int count = PythonNumbers.index(a.get(0, "slices"));
        if (count <= 0) {
            throw new TemplateException("integer division or modulo by zero");
        }
        RenderBudget.work((long) count + items.size());
        Object fill = a.get(1, "fill_with", None.NONE);
        int length = items.size() / count;
        int longer = items.size() % count;
        var slices = new ArrayList<Object>();
        int from = 0;
        for (int i = 0; i < count; i++) {
            int to = from + length + (i < longer ? 1 : 0);
            var slice = new ArrayList<>(items.subList(from, to));
            if (fill != None.NONE && i >= longer && longer > 0) {
                slice.add(fill);
            }
            slices.add(slice);
            from = to;
        }
        return new Once("do_slice", slices);
    }
}
