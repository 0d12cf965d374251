package cogent.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/** {@code namespace(a=1)}: the one object whose attributes a template may set, from any scope. */
final class Namespace {
    private final Map<String, Object> members = new LinkedHashMap<>();

    Map<String, Object> members() {
        return members;
    }
}
