package cogent.jinja.value;

/**
 * A template that cannot be parsed, or that failed while rendering: its own {@code raise_exception}, an undefined value
 * where one is needed, an operation on the wrong types, or too much work asked.
 */
public final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final int line;

    public TemplateException(String reason) {
        this(reason, 0);
    }

    public TemplateException(String reason, int line) {
        super(line == 0 ? reason : reason + " (line " + line + " of the template)");
        this.reason = reason;
        this.line = line;
    }

    /** What went wrong, worded as Jinja and Python word it; for raise_exception exactly the template's message. */
    public String reason() {
        return reason;
    }

    /** The line of the template, from 1. */
    public int line() {
        return line;
    }

    public TemplateException at(int where) {
        if (line != 0) {
            return this;
        }
        var located = new TemplateException(reason, where);
        located.setStackTrace(getStackTrace());
        return located;
    }
}
