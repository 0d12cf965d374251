package cogent.jinja.render;

import cogent.jinja.parse.Expression;
import cogent.jinja.parse.Statement;
import cogent.jinja.parse.Statement.Parameter;
import cogent.jinja.parse.Statement.Signature;
import cogent.jinja.value.CallArguments;
import cogent.jinja.value.Callable;
import cogent.jinja.value.RenderBudget;
import cogent.jinja.value.Strings;
import cogent.jinja.value.TemplateException;
import cogent.jinja.value.Tuple;
import cogent.jinja.value.Undefined;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A macro, or the {@code caller} of a call block: a body with parameters that sees the variables around its definition.
 *
 * @param scope where it was defined
 */
record Macro(Signature signature, List<Statement> body, Frame scope, Renderer renderer) implements Callable {
    /** What runs the body. */
    interface Renderer {
        Object value(Expression expression, Frame scope);

        /** What the statements print. */
        String captured(List<Statement> body, Frame scope);
    }

    @Override
    public Object call(CallArguments arguments) {
        RenderBudget.work(1);
        List<Parameter> parameters = signature.parameters();
        Frame inner = scope.inner();
        var named = new LinkedHashMap<>(arguments.named());
        Object caller = named.remove("caller");
        if (caller != null) {
            inner.set("caller", caller);
        }
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            Object value;
            if (i < arguments.positional().size()) {
                value = arguments.positional().get(i);
            } else if (named.containsKey(parameter.name())) {
                value = named.remove(parameter.name());
            } else if (parameter.byDefault() != null) {
                value = renderer.value(parameter.byDefault(), inner);
            } else {
                value = new Undefined("parameter '" + parameter.name() + "' was not provided");
            }
            inner.set(parameter.name(), value);
        }
        rest(arguments.positional(), named, inner);
        return renderer.captured(body, inner);
    }

    private void rest(List<Object> positional, LinkedHashMap<String, Object> named, Frame inner) {
        int taken = signature.parameters().size();
        if (signature.kwargs()) {
            inner.set("kwargs", new LinkedHashMap<Object, Object>(named));
        } else if (!named.isEmpty()) {
            throw new TemplateException("macro '" + signature.name() + "' takes no keyword argument "
                    + Strings.repr(named.keySet().iterator().next()));
        }
        if (signature.varargs()) {
            inner.set(
                    "varargs",
                    Tuple.of(new ArrayList<>(
                            positional.subList(Math.min(taken, positional.size()), positional.size()))));
        } else if (positional.size() > taken) {
            throw new TemplateException(
                    "macro '" + signature.name() + "' takes not more than " + taken + " argument(s)");
        }
    }

    @Override
    public @Nullable Object attribute(String name) {
        return name.equals("name") ? signature.name() : null;
    }

    @Override
    public String type() {
        return "Macro";
    }

    @Override
    public String qualifiedType() {
        return "jinja2.runtime.Macro";
    }

    @Override
    public String toString() {
        return "<Macro '" + signature.name() + "'>";
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
