package cogent.studio.html;

import cogent.report.chart.Html;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * HTML that is safe to send. It is made by {@link #of} alone, which escapes whatever is no markup itself: text reaches a page
 * only so, as the content of an element or within a quoted attribute.
 */
public final class SafeHtml {
    public static final SafeHtml NONE = new SafeHtml("");

    private final String html;

    private SafeHtml(String html) {
        this.html = html;
    }

    /**
     * A template with its parts in the place of each {@code {}}: markup and collections of it as they are, all else escaped.
     *
     * @param template of our own hand, with quotes around every attribute
     */
    public static SafeHtml of(String template, Object... parts) {
        String[] pieces = template.split("\\{}", -1);
        if (pieces.length != parts.length + 1) {
            throw new IllegalArgumentException(
                    parts.length + " parts for " + (pieces.length - 1) + " places: " + template);
        }
        StringBuilder html = new StringBuilder(pieces[0]);
        for (int i = 0; i < parts.length; i++) {
            html.append(text(parts[i])).append(pieces[i + 1]);
        }
        return new SafeHtml(html.toString());
    }

    /** What {@code cogent.report}, which escapes by itself, has written. */
    public static SafeHtml written(String html) {
        return new SafeHtml(html);
    }

    /** SafeHtml where the condition holds, else nothing. */
    public static SafeHtml when(boolean shown, String template, Object... parts) {
        return shown ? of(template, parts) : NONE;
    }

    private static String text(Object part) {
        return switch (part) {
            case SafeHtml markup -> markup.html;
            case Collection<?> several -> several.stream().map(SafeHtml::text).collect(Collectors.joining());
            default -> Html.escape(String.valueOf(part));
        };
    }

    public String html() {
        return html;
    }

    @Override
    public String toString() {
        return html;
    }
}
