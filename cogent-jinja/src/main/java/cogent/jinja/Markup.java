package cogent.jinja;

/** Text that the template calls safe: what is joined to it with {@code +} is escaped for HTML. Else a string. */
record Markup(String text) {
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
    }

    static Markup of(Object value) {
        return value instanceof Markup markup ? markup : new Markup(escape(PythonValues.string(value)));
    }
}
