package cogent.jinja.value;

/**
 * What a missing variable, attribute or element is: empty as text and as a sequence, false, equal to its like, and an
 * error in any other use.
 *
 * @param reason the error
 */
public record Undefined(String reason) {
    public static Undefined variable(String name) {
        return new Undefined("'" + name + "' is undefined");
    }

    public TemplateException used() {
        return new TemplateException(reason);
    }
}
