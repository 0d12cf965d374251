package cogent.answer.math;

import java.util.Map;
import java.util.regex.Pattern;

/** Brings the many ways of writing the same LaTeX or plain mathematics to one. */
public final class Latex {
    private static final Map<String, String> SIGNS = Map.ofEntries(
            Map.entry("−", "-"),
            Map.entry("–", "-"),
            Map.entry("×", "\\times "),
            Map.entry("·", "\\cdot "),
            Map.entry("÷", "/"),
            Map.entry("π", "\\pi "),
            Map.entry("∞", "\\infty "),
            Map.entry("√", "\\sqrt "),
            Map.entry("°", "^\\circ "),
            Map.entry("℃", "^\\circ C"),
            Map.entry("℉", "^\\circ F"),
            Map.entry("≤", "\\le "),
            Map.entry("≥", "\\ge "),
            Map.entry("≠", "\\ne "),
            Map.entry("∪", "\\cup "),
            Map.entry("∈", "\\in "),
            Map.entry("≡", "\\equiv "),
            Map.entry("≈", "\\approx "),
            Map.entry("∠", "\\angle "),
            Map.entry("±", "\\pm "),
            Map.entry("θ", "\\theta "),
            Map.entry("²", "^2 "),
            Map.entry("³", "^3 "),
            Map.entry("½", "\\frac{1}{2}"),
            Map.entry("¼", "\\frac{1}{4}"),
            Map.entry("¾", "\\frac{3}{4}"),
            Map.entry("¢", " cents"),
            Map.entry("⁄", "/"),
            Map.entry("，", ","),
            Map.entry("：", ":"),
            Map.entry("（", "("),
            Map.entry("）", ")"),
            Map.entry("％", "%"),
            Map.entry("€", ""),
            Map.entry("£", ""),
            Map.entry("¥", ""),
            Map.entry("₹", ""),
            Map.entry("₽", ""),
            Map.entry("₩", ""),
            Map.entry("₺", ""),
            Map.entry("₫", ""),
            Map.entry("₴", ""),
            Map.entry("₱", ""),
            Map.entry("₪", ""),
            Map.entry("₦", ""),
            Map.entry("฿", ""),
            Map.entry("\u00a0", " "),
            Map.entry("\u202f", " "),
            // JSON written by hand turns \f, \t and \b of \frac, \text and \boxed into control characters
            Map.entry("\frac", "\\frac"),
            Map.entry("\text", "\\text"),
            Map.entry("\times", "\\times"),
            Map.entry("\binom", "\\binom"));

    /** In order; the first ones expose what the later ones look for. */
    private static final Pattern[] REMOVED = {
        Pattern.compile(
                "\\\\(?:displaystyle|textstyle|limits|nolimits|left|right|bigl|bigr|Bigl|Bigr|biggl|biggr|big|Big|bigg|Bigg|mathstrut)(?![a-zA-Z])\\.?"),
        Pattern.compile("\\\\! *|\\{\\\\!\\}"),
        Pattern.compile("\\\\hspace\\{[^{}]{0,20}\\}|\\\\label\\{[^{}]{0,40}\\}|\\\\phantom\\{[^{}]{0,40}\\}"),
    };

    private static final Pattern SPACES =
            Pattern.compile("(?<!\\\\)\\\\[,;:> ]|\\\\q?quad(?![a-zA-Z])|\\\\enspace|~|\\s+");
    private static final Pattern MATH_MARKS = Pattern.compile("\\$|(?<!\\\\)\\\\[()\\[\\]]");
    private static final Pattern DOUBLE_BACKSLASH = Pattern.compile("\\\\\\\\(?=[a-zA-Z{}])");
    private static final Pattern THOUSANDS_MARK = Pattern.compile("(?<=\\d) ?\\{, ?\\}(?=\\d{3})");

    /** Swiss thousands: 1'000. */
    private static final Pattern APOSTROPHES = Pattern.compile("(?<=\\d)['’](?=\\d{3}(?!\\d))");

    /** Behind a variable or a bracket only: 27 cubed units are 27 of them. */
    private static final Pattern SQUARED =
            Pattern.compile("(?<=(?<![a-zA-Z])[a-zA-Z]|\\)) squared\\b|(?<=\\d) squared\\z");

    private static final Pattern CUBED = Pattern.compile("(?<=(?<![a-zA-Z])[a-zA-Z]|\\)) cubed\\b|(?<=\\d) cubed\\z");

    private static final Pattern FRACTION_NAME = Pattern.compile("\\\\[dtc]frac(?![a-zA-Z])");
    private static final Pattern BARE_FRACTION = Pattern.compile("\\\\frac\\s*([0-9a-zA-Z])\\s*([0-9a-zA-Z])");
    private static final Pattern HALF_BARE_FRACTION = Pattern.compile("\\\\frac\\s*([0-9])\\s*(?=[{\\\\])");

    private Latex() {}

    /** The same mathematics without marks of typesetting; words and structure stay. */
    public static String clean(String text) {
        String clean = Spellings.plain(Units.money(text.strip()));
        for (Map.Entry<String, String> sign : SIGNS.entrySet()) {
            if (clean.contains(sign.getKey())) {
                clean = clean.replace(sign.getKey(), sign.getValue());
            }
        }
        if (clean.indexOf('\\') >= 0 || clean.indexOf('$') >= 0 || clean.indexOf('{') >= 0) {
            clean = latex(clean);
        }
        clean = APOSTROPHES.matcher(clean).replaceAll("");
        clean = SQUARED.matcher(CUBED.matcher(clean).replaceAll("^3")).replaceAll("^2");
        clean = Repeating.plain(SPACES.matcher(clean).replaceAll(" ").strip());
        while (!clean.isEmpty() && ".,;:".indexOf(clean.charAt(clean.length() - 1)) >= 0) {
            clean = clean.substring(0, clean.length() - 1).stripTrailing();
        }
        return clean;
    }

    private static String latex(String text) {
        String clean =
                text.contains("\\begin") ? text : DOUBLE_BACKSLASH.matcher(text).replaceAll("\\\\");
        clean = clean.replace("\\$", "").replace("\\%", "%").replace("\\#", "#");
        clean = MATH_MARKS.matcher(clean).replaceAll(" ");
        for (Pattern removed : REMOVED) {
            clean = removed.matcher(clean).replaceAll("");
        }
        clean = FRACTION_NAME.matcher(clean).replaceAll("\\\\frac");
        clean = BARE_FRACTION.matcher(clean).replaceAll("\\\\frac{$1}{$2}");
        clean = HALF_BARE_FRACTION.matcher(clean).replaceAll("\\\\frac{$1}");
        return THOUSANDS_MARK.matcher(Spellings.equations(clean)).replaceAll("");
    }
}
