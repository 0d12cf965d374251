package cogent.jinja.builtin;

import cogent.jinja.value.CallArguments;
import cogent.jinja.value.Once;
import cogent.jinja.value.PythonValues;
import cogent.jinja.value.RenderBudget;
import cogent.jinja.value.TemplateException;
import cogent.jinja.value.Types;
import cogent.jinja.value.Undefined;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Filters that apply another filter or a test to each item: map, select, reject, selectattr, rejectattr. */
final class ChoiceFilters {
    /** Any filter by its name. */
    interface ByName {
        Object apply(String name, Object value, CallArguments arguments);
    }

    private ChoiceFilters() {}

    static Object apply(String name, Object value, CallArguments a, ByName filters) {
        if (!PythonValues.truth(value) && !(value instanceof Undefined) && !Types.isIterable(value)) {
            return new Once("sync_do_" + name, List.of()); // Jinja asks for items of what is true only
        }
        var result = new ArrayList<Object>();
        boolean map = name.equals("map");
        boolean wanted = name.startsWith("select");
        boolean byAttribute = name.endsWith("attr");
        if (byAttribute && a.positional().isEmpty()) {
            throw new TemplateException("Missing parameter for attribute name");
        }
        Getter attribute = Getter.of(byAttribute ? a.positional().getFirst() : null);
        for (Object item : PythonValues.items(value)) {
            RenderBudget.work(1);
            if (map) {
                result.add(mapped(item, a, filters));
            } else if (holds(attribute.from(item), a, byAttribute ? 1 : 0) == wanted) {
                result.add(item);
            }
        }
        return new Once("sync_do_" + (map ? "map" : "select_or_reject"), result);
    }

    private static Object mapped(Object item, CallArguments a, ByName filters) {
        if (a.positional().isEmpty() && a.named().containsKey("attribute")) {
            return Getter.of(a.named().get("attribute"), a.named().get("default"))
                    .from(item);
        }
        if (a.positional().isEmpty()) {
            throw new TemplateException("map requires a filter argument");
        }
        String filter = a.string(0, "filter");
        return filters.apply(filter, item, rest(filter, a, 1));
    }

    private static boolean holds(Object value, CallArguments a, int place) {
        if (a.positional().size() <= place) {
            return PythonValues.truth(value);
        }
        String test = a.string(place, "test");
        return Tests.holds(test, value, rest(test, a, place + 1));
    }

    private static CallArguments rest(String name, CallArguments a, int from) {
        Map<String, Object> named = new HashMap<>(a.named());
        return new CallArguments(
                name, a.positional().subList(from, a.positional().size()), named);
    }
}
