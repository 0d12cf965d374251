package cogent.answer.math;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The many ways to type the same number or command, each brought to the one that the lexer reads. */
final class Spellings {
    private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻";
    private static final String SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉₊₋";
    private static final String PLAIN = "0123456789+-";
    private static final Pattern RAISED = Pattern.compile("[" + SUPERSCRIPTS + "]+(?!√)");
    private static final Pattern LOWERED = Pattern.compile("[" + SUBSCRIPTS + "]+");

    /** Set apart by the reader of a page: \\mathbf{1 2 8} */
    private static final Pattern BOLD_DIGITS =
            Pattern.compile("\\\\(?:mathbf|boldsymbol) ?\\{ ?(\\d(?: ?,? \\d){0,14})( ?[^{}\\d]{0,20})\\}");

    private static final Pattern HEXADECIMAL = Pattern.compile("(?<![\\w.])0[xX]([0-9A-Fa-f]{1,12})(?!\\w)");
    private static final Pattern BINARY = Pattern.compile("(?<![\\w.])0[bB]([01]{1,60})(?!\\w)");
    private static final Pattern IN_BASE = Pattern.compile(
            "(?i)(?<![\\w.])(\\d[0-9a-f]{0,40}) ?(?:_ ?\\{? ?(?:\\\\(?:text|mathrm) ?\\{ ?)?(?:base )?|\\(?(?:in )?base[- ])(\\d{1,2}(?!\\d)|two|three|four|five|six|seven|eight|nine|ten|twelve|sixteen)[)}$ ]*\\z");
    private static final Map<String, String> BASES = Map.ofEntries(
            Map.entry("two", "2"),
            Map.entry("three", "3"),
            Map.entry("four", "4"),
            Map.entry("five", "5"),
            Map.entry("six", "6"),
            Map.entry("seven", "7"),
            Map.entry("eight", "8"),
            Map.entry("nine", "9"),
            Map.entry("ten", "10"),
            Map.entry("twelve", "12"),
            Map.entry("sixteen", "16"));

    /** {@code 0.333…}: one digit three times, or several digits twice, then dots. */
    private static final Pattern GOING_ON = Pattern.compile(
            "(?<![\\d.,])(\\d{1,20}\\.\\d{0,20}?)(?:(\\d)\\2{2,20}|(\\d{2,9}?)\\3{1,9})\\s?(?:\\.{3}|…|\\\\(?:l|c)?dots(?![a-zA-Z]))");

    /** A bar typed over each digit: 0.1̅6̅. */
    private static final Pattern BARRED = Pattern.compile("(?<=\\.\\d{0,20})((?:\\d[\u0305\u0304]){1,20})");

    private static final Pattern DOTTED =
            Pattern.compile("\\\\dot ?\\{?(\\d)\\}? ?(\\d{0,20}) ?\\\\dot ?\\{?(\\d)\\}?");

    /** 1.234.567 and 1.234,56: no other reading, outside of brackets. */
    private static final Pattern POINTED = Pattern.compile(
            "(?<![\\d.,(\\[{;])([1-9]\\d{0,2}(?:\\.\\d{3}){2,6}|[1-9]\\d{0,2}(?:[. \u00a0\u202f]\\d{3}){1,6}(?=,\\d{2}(?!\\d)))(?:,(\\d{1,9}))?(?![.,]?[\\d)\\]])");

    /** Answers stand near the end of a reply. */
    static final int WINDOW = 6000;

    private record Rule(Pattern written, String plain) {}

    private static final List<Rule> RULES = List.of(
            rule("³√", "\\\\sqrt[3]"),
            rule("⁴√", "\\\\sqrt[4]"),
            rule("\\\\(?:textcolor|color) ?\\{[a-zA-Z0-9#!]{1,20}\\}", ""),
            rule("\\\\(?:nicefrac|sfrac|xfrac|flatfrac)(?![a-zA-Z])", "\\\\frac"),
            rule("(?<![\\\\a-zA-Z])[dtc]?frac(?=\\{)", "\\\\frac"),
            rule("\\^ ?\\{?(\\d{1,9})\\}? ?/ ?_ ?\\{?(\\d{1,9})\\}?", "\\\\frac{$1}{$2}"),
            rule("(?:\\A|\\{)([^{}]{1,60}?)\\\\over(?![a-zA-Z])([^{}]{1,60}?)(?:\\}|\\z)", "\\\\frac{$1}{$2}"),
            rule("(?:\\A|\\{)([^{}]{1,60}?)\\\\choose(?![a-zA-Z])([^{}]{1,60}?)(?:\\}|\\z)", "\\\\binom{$1}{$2}"),
            rule(
                    "(?:\\{\\})?[_^] ?\\{?(\\d{1,4})\\}? ?(?:\\\\(?:mathrm|text) ?\\{ ?)?C ?\\}?_ ?\\{?(\\d{1,4})\\}?",
                    "\\\\binom{$1}{$2}"),
            rule("(?<=\\d) ?x ?(?=\\d)", "\\\\times "),
            rule("\\((\\d[0-9A-F]{0,40})\\)(?=_ ?\\{?\\d)", "$1"),
            rule("\\\\(?:operatorname|mathrm|text) ?\\{ ?cis ?\\}|(?<![a-zA-Z\\\\])cis(?![a-zA-Z])", "\\\\cis "),
            rule("(?<=\\d) ?\\\\angle(?![a-zA-Z]) ?(?=\\d)", "\\\\cis "),
            rule("\\\\mathbf ?\\{? ?([NZQRC])(?![a-zA-Z]) ?\\}?", "\\\\mathbb{$1}"),
            rule("\\\\(?:operatorname|mathrm|text) ?\\{ ?(gcd|lcm|mod) ?\\}", "\\\\$1 "),
            rule("(?<![a-zA-Z\\\\])(?:GCD|GCF|HCF|gcf|hcf)(?= ?\\()", "\\\\gcd "),
            rule("(?<![a-zA-Z\\\\])LCM(?= ?\\()", "\\\\lcm "),
            rule("\\( ?\\\\?[bp]?mod(?![a-zA-Z]) ?\\{? ?([\\w^]{1,12}) ?\\}? ?\\)", "\\\\pmod{$1}"),
            rule("\\\\overrightarrow(?![a-zA-Z])", "\\\\vec"),
            rule(
                    "(?<==[^=]{1,80})[ ,]*(?:\\\\text ?\\{ ?)?\\bfor (?:all|every|any|each)\\b(?!.*(?:Z|ℤ|integer)).{0,60}\\z",
                    ""),
            rule("[ ,]*(?:\\\\text ?\\{[ ,]*)?\\brespectively\\b\\.?(?: ?\\})?\\z", ""),
            rule("\\A(?:=|≈|\\\\approx(?![a-zA-Z])) ?(?=\\S)", ""));

    /** French intervals: ]0, 1[ is (0, 1). */
    private static final Pattern INTERVAL =
            Pattern.compile("([\\[\\]])([^\\[\\]()]{1,80}[,;][^\\[\\]()]{1,80})([\\[\\]])");

    /** Equations one below the other. */
    private static final Pattern SYSTEM = Pattern.compile(
            "(?:\\\\\\{ ?|\\\\lbrace ?)?\\\\begin ?\\{(cases|aligned|align\\*?|gathered|array)\\}(?:\\{[lcr| ]{1,9}\\})?((?:(?!\\\\begin).){1,600}?)\\\\end ?\\{\\1\\}");

    private static final Pattern PIECES =
            Pattern.compile("\\\\begin ?\\{cases\\}((?:(?!\\\\begin).){1,600}?)\\\\end ?\\{cases\\}");

    /** Between a value and its condition. */
    private static final Pattern CONDITION = Pattern.compile(
            ",? ?&(?! ?=)(?: |&|\\\\quad)*(?:\\\\(?:text|mathrm|mbox) ?\\{ ?,? ?(?:if|for|when|where) ?\\}|(?:if|for|when|where)\\b)?"
                    + "|,? ?(?:\\\\(?:text|mathrm|mbox) ?\\{ ?,? ?(?:if|for|when|where) ?\\}|\\b(?:if|for|when|where)\\b)"
                    + "|,? ?(?=\\\\text ?\\{ ?(?:otherwise|else))");

    private static final Pattern ROW = Pattern.compile("\\s*\\\\\\\\(?:\\[[^\\]]{0,9}\\])?\\s*");
    private static final Pattern EQUATION = Pattern.compile("[^=<>]+=[^=]+");

    /** 20万: twenty times ten thousand. */
    private static final Pattern MYRIADS =
            Pattern.compile("(?<![\\d.,百千万萬亿億])(\\d{1,9}(?:\\.\\d{1,9})?) ?([百千万萬亿億])(?![\\d百千万萬亿億])");

    private static final Pattern BELOW_ZERO = Pattern.compile(
            "(?<![\\d.-])(\\d{1,4}(?:\\.\\d{1,4})?(?: ?(?:°|degrees?))?(?: ?(?:[CF]|Celsius|Fahrenheit))?) below zero\\b");

    /** 2 to the power of 10, 2 to the 10th power. */
    private static final Pattern POWER = Pattern.compile(
            "(?<=[\\dxyen)])(?: raised)? to the (?:power (?:of )?(\\d{1,4})(?![\\d.]|th|st|nd|rd)|(\\d{1,4})(?:th|st|nd|rd) power\\b)");

    private static final Map<String, Integer> ZEROS = Map.of("百", 2, "千", 3, "万", 4, "萬", 4, "亿", 8, "億", 8);

    private Spellings() {}

    private static Rule rule(String written, String plain) {
        return new Rule(Pattern.compile(written), plain);
    }

    /** Numerals whose marks a search for the answer in a reply would take for punctuation. */
    static String numerals(String text) {
        int start = Math.max(0, text.length() - WINDOW);
        return text.substring(0, start) + lastNumerals(text.substring(start));
    }

    private static String lastNumerals(String text) {
        String plain = text;
        if (plain.contains("...") || plain.indexOf('…') >= 0 || plain.contains("dots")) {
            plain = GOING_ON.matcher(plain)
                    .replaceAll(m -> Matcher.quoteReplacement(
                            m.group(1) + "\\overline{" + (m.group(2) == null ? m.group(3) : m.group(2)) + "}"));
        }
        if (plain.indexOf('\u0305') >= 0 || plain.indexOf('\u0304') >= 0) {
            plain = BARRED.matcher(plain)
                    .replaceAll(m ->
                            Matcher.quoteReplacement("\\overline{" + m.group().replaceAll("[\u0305\u0304]", "") + "}"));
        }
        plain = plain.contains(" below zero") ? BELOW_ZERO.matcher(plain).replaceAll("-$1") : plain;
        plain = plain.contains(" to the ") ? POWER.matcher(plain).replaceAll("^{$1$2}") : plain;
        return plain.indexOf('.') >= 0 || plain.indexOf(',') >= 0
                ? POINTED.matcher(plain)
                        .replaceAll(
                                m -> m.group(1).replaceAll("\\D", "") + (m.group(2) == null ? "" : "." + m.group(2)))
                : plain;
    }

    /** One answer, before its marks of typesetting are removed. */
    static String plain(String answer) {
        String digits = BOLD_DIGITS
                .matcher(answer)
                .replaceAll(m -> Matcher.quoteReplacement(m.group(1).replaceAll("[ ,]", "") + m.group(2)));
        String plain = LOWERED.matcher(RAISED.matcher(digits).replaceAll(m -> "^{" + ascii(m, SUPERSCRIPTS) + "}"))
                .replaceAll(m -> "_{" + ascii(m, SUBSCRIPTS) + "}");
        plain = HEXADECIMAL.matcher(plain).replaceAll(m -> "" + Long.parseLong(m.group(1), 16));
        plain = BINARY.matcher(plain).replaceAll(m -> "" + Long.parseLong(m.group(1), 2));
        plain = MYRIADS.matcher(plain)
                .replaceAll(m -> new BigDecimal(m.group(1))
                        .scaleByPowerOfTen(ZEROS.getOrDefault(m.group(2), 0))
                        .toPlainString());
        for (Rule rule : RULES) {
            plain = rule.written.matcher(plain).replaceAll(rule.plain);
        }
        plain = DOTTED.matcher(plain).replaceAll("\\\\overline{$1$2$3}");
        plain = IN_BASE.matcher(plain)
                .replaceAll(m ->
                        m.group(1) + "_{" + BASES.getOrDefault(m.group(2).toLowerCase(Locale.ROOT), m.group(2)) + "}");
        return plain.indexOf('[') >= 0 || plain.indexOf(']') >= 0
                ? INTERVAL.matcher(plain)
                        .replaceAll(m -> Matcher.quoteReplacement((m.group(1).equals("]") ? "(" : "[")
                                + m.group(2)
                                + (m.group(3).equals("[") ? ")" : "]")))
                : plain;
    }

    private static String ascii(MatchResult signs, String alphabet) {
        var plain = new StringBuilder();
        signs.group().chars().forEach(c -> plain.append(PLAIN.charAt(alphabet.indexOf(c))));
        return plain.toString();
    }

    /** A function in pieces: one value and its condition a row, whatever stands between them. */
    private static String pieces(String clean) {
        return PIECES.matcher(clean).replaceAll(m -> {
            List<String> rows = List.of(ROW.split(m.group(1).strip()));
            if (!rows.stream().allMatch(row -> CONDITION.matcher(row).find())) {
                return Matcher.quoteReplacement(m.group());
            }
            List<String> plain = rows.stream()
                    .map(row -> CONDITION
                            .matcher(row.replaceFirst("[,.;]\\s*\\z", ""))
                            .replaceFirst(" & ")
                            .replaceFirst(
                                    "(?:\\\\text ?\\{)? ?(?:otherwise|else)\\b\\.? ?\\}?\\s*\\z",
                                    "\\\\text{otherwise}"))
                    .toList();
            return Matcher.quoteReplacement("\\begin{pieces}" + String.join("\\\\", plain) + "\\end{pieces}");
        });
    }

    /** A system of equations as the list of them; other environments as they are. */
    static String equations(String text) {
        if (!text.contains("\\begin")) {
            return text;
        }
        String clean = pieces(text);
        if (clean.contains("\\begin{pieces}")) {
            return clean;
        }
        return SYSTEM.matcher(clean).replaceAll(m -> {
            List<String> rows = List.of(ROW.split(m.group(2).replace("&", " ").strip()));
            boolean system = rows.stream().allMatch(row -> EQUATION.matcher(row).matches())
                    && !m.group(2).contains("\\text");
            return Matcher.quoteReplacement(
                    system
                            ? String.join(
                                    ", ",
                                    rows.stream()
                                            .map(row -> row.replaceFirst("[,.;]\\s*\\z", ""))
                                            .toList())
                            : m.group());
        });
    }
}
