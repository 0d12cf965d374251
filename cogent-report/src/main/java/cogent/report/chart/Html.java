package cogent.report.chart;

import java.util.Locale;

/** Text into HTML. Everything that is not written by this package's own hand goes through {@link #escape}. */
public final class Html {
    /** Characters of a long text that stand open; the rest is folded. */
    static final int OPEN_CHARACTERS = 1_600;

    private Html() {}

    /**
     * The text as HTML, fit for element content and for quoted attributes. What could not be seen or would change its
     * surroundings is made visible: control characters and the directional overrides and isolates of Unicode (UAX 9)
     * appear as {@code [U+202E]}, lone surrogates as the replacement character.
     */
    public static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                case '\n', '\t', '\r' -> out.append((char) c);
                default -> {
                    if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                        out.append('\uFFFD');
                    } else if (Character.isISOControl(c) || isDirectional(c)) {
                        out.append(String.format(Locale.ROOT, "[U+%04X]", c));
                    } else {
                        out.appendCodePoint(c);
                    }
                }
            }
        });
        return out.toString();
    }

    private static boolean isDirectional(int c) {
        return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    }

    /** A block of somebody's text, its line breaks kept; what is long is folded behind its first lines. */
    public static String text(String text) {
        String stripped = text.strip();
        if (stripped.length() <= OPEN_CHARACTERS * 5 / 4) {
            return "<div class=\"text\" dir=\"auto\">" + escape(stripped) + "</div>";
        }
        int cut = cut(stripped);
        return "<div class=\"text\" dir=\"auto\">" + escape(stripped.substring(0, cut)) + " …</div>"
                + "<details class=\"rest\"><summary>the other " + Typography.count(stripped.length() - cut)
                + " characters</summary><div class=\"text\" dir=\"auto\">" + escape(stripped.substring(cut))
                + "</div></details>";
    }

    /** The first line of the text, cut to some length at a whole character. */
    public static String oneLine(String text, int limit) {
        String line = text.strip().replaceAll("\\s+", " ");
        if (line.length() <= limit) {
            return escape(line);
        }
        int end = Character.isHighSurrogate(line.charAt(limit - 1)) ? limit - 1 : limit;
        return escape(line.substring(0, end)) + "…";
    }

    private static int cut(String text) {
        int line = text.lastIndexOf('\n', OPEN_CHARACTERS);
        int cut = line > OPEN_CHARACTERS / 2 ? line : OPEN_CHARACTERS;
        return Character.isHighSurrogate(text.charAt(cut - 1)) ? cut - 1 : cut;
    }

    /** A table that scrolls by itself where the screen is narrower; {@code label} names it for screen readers. */
    public static String table(String label, String head, String rows) {
        String name = escape(label);
        return "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"" + name + "\"><table><caption>"
                + name + "</caption><thead><tr>" + head + "</tr></thead><tbody>" + rows + "</tbody></table></div>\n";
    }

    public static String th(String name) {
        return "<th scope=\"col\">" + escape(name) + "</th>";
    }

    /** The head of a column of numbers. */
    public static String thNumber(String name) {
        return "<th scope=\"col\" class=\"n\">" + escape(name) + "</th>";
    }

    /** The head of a row. */
    public static String thRow(String name) {
        return "<th scope=\"row\">" + escape(name) + "</th>";
    }

    public static String td(String text) {
        return "<td>" + escape(text) + "</td>";
    }

    public static String tdNumber(String number) {
        return "<td class=\"n\">" + escape(number) + "</td>";
    }
}
