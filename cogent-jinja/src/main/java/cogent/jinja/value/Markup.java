package cogent.jinja.value;

/** Text that the template calls safe: what is joined to it with {@code +} is escaped for HTML. Else a string. */
public record Markup(String text) {
    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
    }
}
