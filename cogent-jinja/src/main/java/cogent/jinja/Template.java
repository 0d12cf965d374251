package cogent.jinja;

import cogent.jinja.builtin.Globals;
import cogent.jinja.parse.Statement;
import cogent.jinja.parse.TemplateParser;
import cogent.jinja.render.Interpreter;
import cogent.jinja.value.RenderBudget;
import cogent.jinja.value.TemplateException;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;

/**
 * A chat template: Jinja as transformers runs it (immutable sandbox, {@code trim_blocks}, {@code lstrip_blocks}, loop
 * controls, {@code tojson} that keeps order and letters, {@code raise_exception}, {@code strftime_now}, {@code generation}
 * blocks). Values are data: nothing in them is ever read as a template. Immutable, for any number of threads.
 *
 * @see <a href="https://jinja.palletsprojects.com/en/stable/templates/">Jinja: template designer documentation</a>
 */
public final class Template {
    private final List<Statement> statements;

    private Template(List<Statement> statements) {
        this.statements = statements;
    }

    /** @throws TemplateException when the text is no template, with the line */
    public static Template parse(String text) {
        try {
            return new Template(TemplateParser.parse(text));
        } catch (StackOverflowError e) {
            throw new TemplateException("the template nests too deeply");
        }
    }

    /**
     * The text for the given variables.
     *
     * @param variables Java's plain values ({@link Variables#of} makes them of JSON)
     * @param now what {@code strftime_now} tells
     * @throws TemplateException when the template raises an error or asks for more work than a conversation needs
     */
    public String render(Map<String, Object> variables, LocalDateTime now) {
        return RenderBudget.granted(() -> new Interpreter(new Globals(now)).render(statements, variables));
    }
}
