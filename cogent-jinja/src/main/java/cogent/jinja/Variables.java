package cogent.jinja;

import cogent.jinja.value.None;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** JSON as the values that templates see. */
public final class Variables {
    private Variables() {}

    /** Objects become dicts in their order, absent nodes None. */
    public static Object of(@Nullable JsonNode node) {
        if (node == null || node.isNull() || node.isMissingNode()) {
            return None.NONE;
        }
        if (node.isObject()) {
            var map = LinkedHashMap.<Object, Object>newLinkedHashMap(node.size());
            node.properties().forEach(e -> map.put(e.getKey(), of(e.getValue())));
            return map;
        }
        if (node.isArray()) {
            var list = new ArrayList<Object>(node.size());
            node.forEach(item -> list.add(of(item)));
            return list;
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (node.isNumber()) {
            return node.isIntegralNumber() ? node.bigIntegerValue() : (Object) node.doubleValue();
        }
        return node.asString();
    }
}
