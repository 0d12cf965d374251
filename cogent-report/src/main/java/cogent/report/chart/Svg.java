package cogent.report.chart;

import java.util.Locale;

/** Pieces of inline SVG. Colours and type come from the page's style sheet by class, so that they follow light and dark. */
public final class Svg {
    private Svg() {}

    /** A picture with a name and a description for those who do not see it. */
    public static String picture(
            int width, int height, String title, String description, String cssClass, String content) {
        return "<svg class=\"" + cssClass + "\" viewBox=\"0 0 " + width + " " + height + "\" role=\"img\" aria-label=\""
                + Html.escape(title + ". " + description) + "\"><desc>" + Html.escape(description) + "</desc>" + content
                + "</svg>";
    }

    static String line(double x1, double y1, double x2, double y2, String cssClass) {
        return "<line x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" + number(x2) + "\" y2=\"" + number(y2)
                + "\" class=\"" + cssClass + "\"/>";
    }

    public static String rect(double x, double y, double width, double height, String cssClass) {
        return "<rect x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"" + number(width) + "\" height=\""
                + number(height) + "\" class=\"" + cssClass + "\"/>";
    }

    static String dot(double x, double y, double radius, String cssClass) {
        return "<circle cx=\"" + number(x) + "\" cy=\"" + number(y) + "\" r=\"" + number(radius) + "\" class=\""
                + cssClass + "\"/>";
    }

    public static String path(String d, String cssClass) {
        return "<path d=\"" + d + "\" class=\"" + cssClass + "\"/>";
    }

    /** Text anchored at its {@code start}, {@code middle} or {@code end}. */
    public static String text(double x, double y, String anchor, String cssClass, String text) {
        return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + anchor + "\" class=\""
                + cssClass + "\">" + Html.escape(text) + "</text>";
    }

    /** A coordinate, to a tenth. */
    public static String number(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    /** The text, cut so that it fits into so many units at the page's chart type. */
    static String fit(String text, double width) {
        int limit = Math.max(2, (int) (width / CHARACTER));
        if (text.length() <= limit) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(limit - 2)) ? limit - 2 : limit - 1;
        return text.substring(0, end) + "…";
    }

    /** Mean width of a character at the charts' 12 units of type size. */
    static final double CHARACTER = 7.4;
}
