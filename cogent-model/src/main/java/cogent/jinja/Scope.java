package cogent.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Variables of a block, and behind them those of the blocks around it. */
final class Scope {
    private final @Nullable Scope around;
    private final Map<String, Object> variables;

    Scope(Map<String, Object> variables) {
        this.around = null;
        this.variables = new HashMap<>(variables);
    }

    private Scope(Scope around) {
        this.around = around;
        this.variables = new HashMap<>(8);
    }

    Scope inner() {
        return new Scope(this);
    }

    @Nullable
    Object find(String name) {
        for (Scope scope = this; scope != null; scope = scope.around) {
            Object value = scope.variables.get(name);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    void set(String name, Object value) {
        variables.put(name, value);
    }
}
