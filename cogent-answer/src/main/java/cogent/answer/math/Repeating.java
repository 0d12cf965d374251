package cogent.answer.math;

import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numerals that are not plain decimals: repeating decimals, digits beyond 9 with their base, counts in millions. */
final class Repeating {
    /** {@code 0.1\overline{6}}, {@code 0.\dot{3}}, {@code 0.\bar 3}, {@code 0.(3)}. */
    private static final Pattern DECIMAL = Pattern.compile(
            "(?<![\\d.,])(\\d{1,30})?\\.(\\d{0,30}) ?(?:\\\\(?:overline|bar|dot|overset\\{\\\\cdot\\}) ?(?:\\{(\\d{1,30})\\}|(\\d))|(?<=\\.)\\((\\d{1,30})\\))(?![\\d\\\\])");

    /** {@code 2A_{16}}: letters among the digits; without any digit only base 16 is taken for one. */
    private static final Pattern NUMERAL = Pattern.compile(
            "(?<![\\w\\\\.])(?=[0-9A-Z]*[A-Z])([0-9A-Z]{1,40})_(?:\\{(1[1-6])\\}|(1[1-6])(?!\\d))(?!\\w)");

    private static final Pattern COUNT = Pattern.compile(
            "(?i)(\\d) ?(?:\\\\(?:text|mathrm) ?\\{ ?)?(dozens?|hundred|thousand|lakhs?|million|crores?|billion|trillion)\\b ?\\}?");

    /** 3 tenths and 10 thirds; quarters may be coins. */
    private static final Pattern PARTS = Pattern.compile(
            "(?<![\\w./^])(\\d{1,9})[ -](half|halves|(?:third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|twelfth|hundredth|thousandth)s)(?![\\w-]| (?!of\\b)[a-z])");

    private Repeating() {}

    static String plain(String text) {
        String plain = text;
        if (plain.indexOf('.') >= 0 && (plain.indexOf('\\') >= 0 || plain.contains(".("))) {
            plain = DECIMAL.matcher(plain).replaceAll(m -> Matcher.quoteReplacement(fraction(m)));
        }
        if (plain.contains("_")) {
            plain = NUMERAL.matcher(plain).replaceAll(m -> Matcher.quoteReplacement(numeral(m)));
        }
        if (plain.contains("th") || plain.contains("hal") || plain.contains("hird")) {
            plain = PARTS.matcher(plain).replaceAll(m -> "\\\\frac{" + m.group(1) + "}{" + part(m.group(2)) + "}");
        }
        if (plain.length() < 400) {
            plain = COUNT.matcher(plain)
                    .replaceAll(m -> Matcher.quoteReplacement(m.group(1) + "\\times " + factor(m.group(2)) + " "));
        }
        return plain;
    }

    /** n digits, then r repeating ones: (all − first) / (10ⁿ (10ʳ − 1)). */
    private static String fraction(MatchResult m) {
        String whole = m.group(1) == null ? "0" : m.group(1);
        String repeated = m.group(3) != null ? m.group(3) : m.group(4) != null ? m.group(4) : m.group(5);
        BigInteger first = new BigInteger(whole + m.group(2));
        BigInteger all = new BigInteger(whole + m.group(2) + repeated);
        BigInteger under = BigInteger.TEN
                .pow(m.group(2).length())
                .multiply(BigInteger.TEN.pow(repeated.length()).subtract(BigInteger.ONE));
        return "\\frac{" + all.subtract(first) + "}{" + under + "}";
    }

    private static String numeral(MatchResult m) {
        String base = m.group(2) != null ? m.group(2) : m.group(3);
        String digits = m.group(1);
        boolean letters = digits.chars().noneMatch(Character::isDigit);
        if (letters && (!base.equals("16") || digits.length() < 2)) {
            return m.group(); // a point or variable with an index
        }
        try {
            return new BigInteger(digits, Integer.parseInt(base)).toString();
        } catch (NumberFormatException e) {
            return m.group();
        }
    }

    private static int part(String name) {
        return switch (name.substring(0, 3)) {
            case "hal" -> 2;
            case "thi" -> 3;
            case "fou" -> 4;
            case "fif" -> 5;
            case "six" -> 6;
            case "sev" -> 7;
            case "eig" -> 8;
            case "nin" -> 9;
            case "ten" -> 10;
            case "twe" -> 12;
            case "hun" -> 100;
            default -> 1000;
        };
    }

    private static String factor(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "dozen", "dozens" -> "12";
            case "hundred" -> "10^{2}";
            case "thousand" -> "10^{3}";
            case "lakh", "lakhs" -> "10^{5}";
            case "crore", "crores" -> "10^{7}";
            case "million" -> "10^{6}";
            case "billion" -> "10^{9}";
            default -> "10^{12}";
        };
    }
}
