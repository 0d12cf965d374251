package cogent.answer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sentences, the numbers in them, and the punctuation around them. */
final class Sentences {
    /** Numbers count near the end only. */
    private static final int WINDOW = 4000;

    private static final Pattern NUMBER = Pattern.compile(
            "\\\\[dt]?frac\\{-?\\d{1,30}\\}\\{\\d{1,30}\\}|(?<![\\w.])-?\\\\?\\$?-?(?:\\d{1,3}(?:,\\d{3})++|\\d++)(?:\\.\\d++)?(?:\\s?/\\s?\\d++)?(?:\\s?\\\\?%|k(?!\\w)|(?<=\\$\\d{1,6})K(?!\\w))?(?![\\d])");

    private static final Pattern CALCULATOR = Pattern.compile("<<[^<>]{0,200}>>");

    private Sentences() {}

    static Optional<String> lastNumber(String text) {
        String tail = text.substring(Math.max(0, text.length() - WINDOW));
        Matcher number = NUMBER.matcher(CALCULATOR.matcher(tail).replaceAll(""));
        String last = "";
        while (number.find()) {
            last = number.group();
        }
        return last.isEmpty() ? Optional.empty() : Optional.of(last.strip());
    }

    static boolean hasSeveralNumbers(String text) {
        return NUMBER.matcher(text).results().limit(2).count() == 2;
    }

    /** Whether the text is one sentence in one line. */
    static boolean isOne(String text) {
        return text.substring(first(text).length()).strip().length() <= 1;
    }

    /** Up to the end of the sentence or line. */
    static String first(String text) {
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            boolean full = c == '.' || c == '。' || c == '!' || c == '?';
            if (c == '\n' || (full && depth <= 0 && (i + 1 == text.length() || !isWordOrDigit(text.charAt(i + 1))))) {
                return text.substring(0, i);
            }
        }
        return text;
    }

    private static boolean isWordOrDigit(char c) {
        return Character.isLetterOrDigit(c) || c == '\\';
    }

    /** Without the markdown and punctuation around it. */
    static String clean(String text) {
        int from = 0;
        int to = text.length();
        while (to > from && isAround(text.charAt(to - 1), "*_.,;:\"'`")) {
            to--;
        }
        while (from < to && isAround(text.charAt(from), "*_:\"'`")) {
            from++;
        }
        return text.substring(from, to);
    }

    private static boolean isAround(char c, String marks) {
        return Character.isWhitespace(c) || marks.indexOf(c) >= 0;
    }
}
