package cogent.jinja.value;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code namespace(a=1)}: the one object whose attributes a template may set, from any scope. */
public final class Namespace implements PythonObject {
    private final Map<String, Object> members = new LinkedHashMap<>();

    public Map<String, Object> members() {
        return members;
    }

    @Override
    public @Nullable Object attribute(String name) {
        return members.get(name);
    }

    @Override
    public String type() {
        return "Namespace";
    }

    @Override
    public String qualifiedType() {
        return "jinja2.utils.Namespace";
    }
}
