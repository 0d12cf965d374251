package cogent.jinja.render;

import cogent.jinja.value.CallArguments;
import cogent.jinja.value.Callable;
import cogent.jinja.value.PythonNumbers;
import cogent.jinja.value.PythonValues;
import cogent.jinja.value.TemplateException;
import cogent.jinja.value.Undefined;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The variable {@code loop} within a for block.
 *
 * @see <a href="https://jinja.palletsprojects.com/en/stable/templates/#for">Jinja: for</a>
 */
final class Loop implements Callable {
    private final List<Object> items;
    private final int depth;
    private final @Nullable Callable again;
    private int index;
    private @Nullable List<Object> lastChanged;

    /** @param again renders the block over other items, one level deeper; null where the loop is not recursive */
    Loop(List<Object> items, int depth, @Nullable Callable again) {
        this.items = items;
        this.depth = depth;
        this.again = again;
    }

    void moveTo(int place) {
        index = place;
    }

    @Override
    public OptionalInt length() {
        return OptionalInt.of(items.size());
    }

    @Override
    public String type() {
        return "LoopContext";
    }

    @Override
    public String qualifiedType() {
        return "jinja2.runtime.LoopContext";
    }

    @Override
    public @Nullable Object attribute(String name) {
        return switch (name) {
            case "index" -> PythonNumbers.of(index + 1L);
            case "index0" -> PythonNumbers.of(index);
            case "revindex" -> PythonNumbers.of(items.size() - index);
            case "revindex0" -> PythonNumbers.of(items.size() - index - 1L);
            case "first" -> index == 0;
            case "last" -> index == items.size() - 1;
            case "length" -> PythonNumbers.of(items.size());
            case "depth" -> PythonNumbers.of(depth);
            case "depth0" -> PythonNumbers.of(depth - 1L);
            case "previtem" -> index > 0 ? items.get(index - 1) : new Undefined("there is no previous item");
            case "nextitem" -> index + 1 < items.size() ? items.get(index + 1) : new Undefined("there is no next item");
            case "cycle" -> (Callable) this::cycle;
            case "changed" -> (Callable) this::changed;
            default -> null;
        };
    }

    private Object cycle(CallArguments values) {
        if (values.positional().isEmpty()) {
            throw new TemplateException("no items for cycling given");
        }
        return values.positional().get(index % values.positional().size());
    }

    private Object changed(CallArguments values) {
        List<Object> last = lastChanged;
        lastChanged = values.positional();
        return last == null || !PythonValues.equal(last, lastChanged);
    }

    @Override
    public Object call(CallArguments arguments) {
        if (again == null) {
            throw new TemplateException("The loop must have the 'recursive' marker to be called recursively.");
        }
        return again.call(arguments);
    }

    @Override
    public String toString() {
        return "<LoopContext " + (index + 1) + "/" + items.size() + ">";
    }
}
