package cogent.jinja.builtin;

import cogent.jinja.value.CallArguments;
import cogent.jinja.value.Callable;
import cogent.jinja.value.Namespace;
import cogent.jinja.value.None;
import cogent.jinja.value.PythonNumbers;
import cogent.jinja.value.PythonObject;
import cogent.jinja.value.PythonValues;
import cogent.jinja.value.Range;
import cogent.jinja.value.RenderBudget;
import cogent.jinja.value.TemplateException;
import cogent.jinja.value.Undefined;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What every template may call: Jinja's own globals and the two that transformers adds. */
public final class Globals {
    private final LocalDateTime now;

    public Globals(LocalDateTime now) {
        this.now = now;
    }

    public Object find(String name) {
        return switch (name) {
            case "range" -> Callable.named("<class 'range'>", Globals::range);
            case "dict" -> Callable.named("<class 'dict'>", Globals::dict);
            case "namespace" -> Callable.named("<class 'jinja2.utils.Namespace'>", Globals::namespace);
            case "joiner" -> Callable.named("<class 'jinja2.utils.Joiner'>", Joiner::of);
            case "cycler" -> Callable.named("<class 'jinja2.utils.Cycler'>", Cycler::of);
            case "raise_exception" -> (Callable) Globals::raise;
            case "strftime_now" ->
                (Callable) arguments ->
                        Strftime.format(now, arguments.only(1, "format").string(0, "format"));
            default -> Undefined.variable(name);
        };
    }

    private static Object raise(CallArguments arguments) {
        throw new TemplateException(PythonValues.string(arguments.get(0, "message")));
    }

    private static Object range(CallArguments arguments) {
        List<Object> bounds = arguments.only(3).positional();
        long first = PythonNumbers.index(arguments.get(0, "stop"));
        return bounds.size() == 1
                ? new Range(0, first, 1)
                : new Range(first, PythonNumbers.index(bounds.get(1)), arguments.integer(2, "step", 1));
    }

    private static Map<Object, Object> dict(CallArguments arguments) {
        var dict = new LinkedHashMap<Object, Object>();
        if (!arguments
                .only(1, arguments.named().keySet().toArray(String[]::new))
                .positional()
                .isEmpty()) {
            Object from = arguments.positional().getFirst();
            if (from instanceof Map<?, ?> map) {
                dict.putAll(map);
            } else {
                for (Object pair : PythonValues.items(from)) {
                    List<Object> parts = PythonValues.items(pair);
                    if (parts.size() != 2) {
                        throw new TemplateException(
                                "dictionary update sequence element has length " + parts.size() + "; 2 is required");
                    }
                    dict.put(PythonValues.key(parts.get(0)), parts.get(1));
                }
            }
            RenderBudget.work(dict.size());
        }
        dict.putAll(arguments.named());
        return dict;
    }

    private static Object namespace(CallArguments arguments) {
        var namespace = new Namespace();
        dict(arguments).forEach((key, value) -> namespace.members().put(PythonValues.string(key), value));
        return namespace;
    }

    /** Empty when called first, then the separator. */
    private static final class Joiner implements Callable {
        private final String separator;
        private boolean used;

        private Joiner(String separator) {
            this.separator = separator;
        }

        static Joiner of(CallArguments arguments) {
            return new Joiner(arguments.only(1, "sep").string(0, "sep", ", "));
        }

        @Override
        public Object call(CallArguments arguments) {
            String text = used ? separator : "";
            used = true;
            return text;
        }
    }

    /** Gives its values in turn. */
    private static final class Cycler implements PythonObject {
        private final List<Object> items;
        private int place;

        private Cycler(List<Object> items) {
            this.items = items;
        }

        static Cycler of(CallArguments arguments) {
            if (arguments.positional().isEmpty()) {
                throw new TemplateException("at least one item has to be provided");
            }
            return new Cycler(arguments.positional());
        }

        @Override
        public String type() {
            return "Cycler";
        }

        @Override
        public @Nullable Object attribute(String name) {
            return switch (name) {
                case "current" -> items.get(place);
                case "next" ->
                    (Callable) _ -> {
                        Object current = items.get(place);
                        place = (place + 1) % items.size();
                        return current;
                    };
                case "reset" ->
                    (Callable) _ -> {
                        place = 0;
                        return None.NONE;
                    };
                default -> null;
            };
        }
    }
}
