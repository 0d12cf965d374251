package cogent.jinja.parse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a template does; the tree that the parser builds of it. */
public sealed interface Statement {
    record Text(String text) implements Statement {}

    record Print(Expression value, int line) implements Statement {}

    /** {@code if}, its {@code elif}s, and {@code else} */
    record If(List<Branch> branches, List<Statement> otherwise) implements Statement {}

    record Branch(Expression test, List<Statement> body, int line) {}

    record For(
            Target target,
            Expression items,
            @Nullable Expression condition,
            boolean recursive,
            List<Statement> body,
            List<Statement> otherwise,
            int line)
            implements Statement {}

    record Set(Target target, Expression value, int line) implements Statement {}

    /** {@code set x|filter} … {@code endset} */
    record SetBlock(Target target, List<Expression.Application> filters, List<Statement> body, int line)
            implements Statement {}

    record With(List<Set> values, List<Statement> body) implements Statement {}

    record FilterBlock(List<Expression.Application> filters, List<Statement> body, int line) implements Statement {}

    record MacroDefinition(Signature signature, List<Statement> body) implements Statement {}

    record CallBlock(Signature signature, Expression.Call call, List<Statement> body, int line) implements Statement {}

    record Break() implements Statement {}

    record Continue() implements Statement {}

    /** Parameters of a macro; the flags say whether its body reads {@code varargs} or {@code kwargs}. */
    record Signature(String name, List<Parameter> parameters, boolean varargs, boolean kwargs) {}

    record Parameter(String name, @Nullable Expression byDefault) {}

    /** Where an assignment goes. */
    sealed interface Target {
        record Variable(String name) implements Target {}

        record Member(String namespace, String name) implements Target {}

        record Unpacked(List<Target> targets) implements Target {}
    }
}
