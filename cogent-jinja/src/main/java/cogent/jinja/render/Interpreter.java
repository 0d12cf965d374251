package cogent.jinja.render;

import cogent.jinja.builtin.Globals;
import cogent.jinja.parse.Expression;
import cogent.jinja.parse.Statement;
import cogent.jinja.parse.Statement.Target;
import cogent.jinja.value.Callable;
import cogent.jinja.value.Namespace;
import cogent.jinja.value.PythonValues;
import cogent.jinja.value.RenderBudget;
import cogent.jinja.value.TemplateException;
import cogent.jinja.value.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs the statements of one rendering. */
public final class Interpreter implements Macro.Renderer {
    private enum Flow {
        ON,
        BREAK,
        CONTINUE
    }

    private final Evaluator evaluator;

    public Interpreter(Globals globals) {
        this.evaluator = new Evaluator(globals);
    }

    @Override
    public Object value(Expression expression, Frame scope) {
        return evaluator.value(expression, scope);
    }

    /** The text of the whole template. */
    public String render(List<Statement> template, Map<String, Object> variables) {
        try {
            return captured(template, new Frame(variables));
        } catch (TemplateException e) {
            throw e.at(evaluator.line());
        } catch (StackOverflowError e) { // calls, expressions and values may all nest: one guard for each of them
            throw new TemplateException("the template or its values nest too deeply", evaluator.line());
        }
    }

    @Override
    public String captured(List<Statement> body, Frame scope) {
        var out = new StringBuilder();
        run(body, scope, out);
        return out.toString();
    }

    private Flow run(List<Statement> body, Frame scope, StringBuilder out) {
        for (Statement statement : body) {
            Flow flow = run(statement, scope, out);
            if (flow != Flow.ON) {
                return flow;
            }
        }
        return Flow.ON;
    }

    private Flow run(Statement statement, Frame scope, StringBuilder out) {
        RenderBudget.work(1);
        switch (statement) {
            case Statement.Text text -> out.append(RenderBudget.text(text.text()));
            case Statement.Print print -> {
                evaluator.at(print.line());
                out.append(RenderBudget.text(PythonValues.string(evaluator.value(print.value(), scope))));
            }
            case Statement.If choice -> {
                return run(chosen(choice, scope), scope, out);
            }
            case Statement.For loop -> loop(loop, scope, out);
            case Statement.Set set -> {
                evaluator.at(set.line());
                assign(set.target(), evaluator.value(set.value(), scope), scope);
            }
            case Statement.SetBlock set -> {
                String text = captured(set.body(), scope.inner());
                evaluator.at(set.line());
                assign(set.target(), evaluator.filtered(text, set.filters(), scope), scope);
            }
            case Statement.With with -> {
                Frame inner = scope.inner();
                for (Statement.Set set : with.values()) {
                    evaluator.at(set.line());
                    assign(set.target(), evaluator.value(set.value(), scope), inner);
                }
                return run(with.body(), inner, out);
            }
            case Statement.FilterBlock block -> {
                String text = captured(block.body(), scope.inner());
                evaluator.at(block.line());
                Object value = evaluator.filtered(text, block.filters(), scope);
                out.append(RenderBudget.text(PythonValues.string(value)));
            }
            case Statement.MacroDefinition macro ->
                scope.set(macro.signature().name(), new Macro(macro.signature(), macro.body(), scope, this));
            case Statement.CallBlock block -> {
                evaluator.at(block.line());
                Macro caller = new Macro(block.signature(), block.body(), scope, this);
                Object value = evaluator.call(block.call(), scope, Map.of("caller", caller));
                out.append(RenderBudget.text(PythonValues.string(value)));
            }
            case Statement.Break _ -> {
                return Flow.BREAK;
            }
            case Statement.Continue _ -> {
                return Flow.CONTINUE;
            }
        }
        return Flow.ON;
    }

    private List<Statement> chosen(Statement.If choice, Frame scope) {
        for (Statement.Branch branch : choice.branches()) {
            evaluator.at(branch.line());
            if (PythonValues.truth(evaluator.value(branch.test(), scope))) {
                return branch.body();
            }
        }
        return choice.otherwise();
    }

    private void loop(Statement.For loop, Frame scope, StringBuilder out) {
        evaluator.at(loop.line());
        loop(loop, evaluator.value(loop.items(), scope), 1, scope, out);
    }

    private void loop(Statement.For loop, Object over, int depth, Frame scope, StringBuilder out) {
        List<Object> items = wanted(loop, PythonValues.items(over), scope);
        if (items.isEmpty()) {
            run(loop.otherwise(), scope.inner(), out);
            return;
        }
        Callable again = arguments -> {
            var inner = new StringBuilder();
            loop(loop, arguments.only(1, "iterable").get(0, "iterable"), depth + 1, scope, inner);
            return inner.toString();
        };
        var state = new Loop(items, depth, loop.recursive() ? again : null);
        for (int i = 0; i < items.size(); i++) {
            RenderBudget.work(1);
            state.moveTo(i);
            Frame inner = scope.inner(); // what one round sets, the next does not see
            inner.set("loop", state);
            assign(loop.target(), items.get(i), inner);
            if (run(loop.body(), inner, out) == Flow.BREAK) {
                return;
            }
        }
    }

    /** The items that the loop's own {@code if} lets through. */
    private List<Object> wanted(Statement.For loop, List<Object> items, Frame scope) {
        if (loop.condition() == null) {
            return items;
        }
        var wanted = new ArrayList<Object>();
        for (Object item : items) {
            Frame inner = scope.inner();
            assign(loop.target(), item, inner);
            if (PythonValues.truth(evaluator.value(loop.condition(), inner))) {
                wanted.add(item);
            }
        }
        return wanted;
    }

    private static void assign(Target target, Object value, Frame scope) {
        switch (target) {
            case Target.Variable variable -> scope.set(variable.name(), value);
            case Target.Member member -> {
                if (!(scope.find(member.namespace()) instanceof Namespace namespace)) {
                    throw new TemplateException("cannot assign attribute on non-namespace object");
                }
                namespace.members().put(member.name(), value);
            }
            case Target.Unpacked unpacked -> {
                if (!Types.isIterable(value)) {
                    throw new TemplateException("cannot unpack non-iterable " + Types.name(value) + " object");
                }
                List<Object> items = PythonValues.items(value);
                List<Target> targets = unpacked.targets();
                if (items.size() != targets.size()) {
                    throw new TemplateException(
                            items.size() > targets.size()
                                    ? "too many values to unpack (expected " + targets.size() + ")"
                                    : "not enough values to unpack (expected " + targets.size() + ", got "
                                            + items.size() + ")");
                }
                for (int i = 0; i < targets.size(); i++) {
                    assign(targets.get(i), items.get(i), scope);
                }
            }
        }
    }
}
