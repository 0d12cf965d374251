package cogent.jinja.render;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Variables of a block, and behind them those of the blocks around it. */
final class Frame {
    private final @Nullable Frame around;
    private final Map<String, Object> variables;

    Frame(Map<String, Object> variables) {
        this.around = null;
        this.variables = new HashMap<>(variables);
    }

    private Frame(Frame around) {
        this.around = around;
        this.variables = new HashMap<>(8);
    }

    Frame inner() {
        return new Frame(this);
    }

    @Nullable
    Object find(String name) {
        for (Frame scope = this; scope != null; scope = scope.around) {
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
