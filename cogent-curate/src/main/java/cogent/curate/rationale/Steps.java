package cogent.curate.rationale;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The shape of a rationale's text: steps separated by blank lines, the final answer in the last of them. */
public final class Steps {
    private static final Pattern STEP_END = Pattern.compile("\\R\\h*(?:\\R\\h*)+");
    private static final Pattern LINE_END = Pattern.compile("\\R");
    /** What single newlines may lie within: displayed formulas, code, tables. */
    private static final Pattern BLOCK = Pattern.compile("```|\\\\\\[|\\$\\$|\\\\begin\\{|(?m)^\\|.*\\|$");

    private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.!?])\\s+(?=\\p{Lu}|\\\\boxed|####)");
    private static final Pattern LINE_OF_ITS_OWN = Pattern.compile("[.!?。！？][)\\]*_\"'$”]*\\h*$");
    private static final Pattern ANSWER_IS = Pattern.compile(
            "(?i)\\banswer\\b[^.\\n]{0,40}?(?:\\bis\\b|[:=])\\s*\\**\\$?(?<value>[^\\s$*;,]*[^\\s$*;,.])");
    private static final Pattern CLOSING = Pattern.compile("\\\\boxed\\{|####|" + ANSWER_IS.pattern());
    private static final Pattern RESULT = Pattern.compile("=\\s*\\$?(?<value>-?\\d[\\d,]*(?:\\.\\d+)?)");
    private static final String BOXED = "\\boxed{";

    private Steps() {}

    /** The steps: paragraphs, or the lines of a text that has no blank lines, unless they make up one formula or block of code. */
    public static List<String> of(String text) {
        List<String> paragraphs = paragraphs(text);
        return paragraphs.size() == 1 && !BLOCK.matcher(text).find() ? split(LINE_END, text) : paragraphs;
    }

    /** The lines of a paragraph each of which is a sentence; else, as where prose is wrapped, the paragraph. */
    static List<String> sentenceLines(String paragraph) {
        List<String> lines = split(LINE_END, paragraph);
        boolean sentences = !BLOCK.matcher(paragraph).find()
                && lines.subList(0, Math.max(0, lines.size() - 1)).stream()
                        .allMatch(line -> LINE_OF_ITS_OWN.matcher(line).find());
        return sentences ? lines : List.of(paragraph);
    }

    public static List<String> paragraphs(String text) {
        return split(STEP_END, text);
    }

    private static List<String> split(Pattern boundary, String text) {
        return Arrays.stream(boundary.split(text.strip()))
                .filter(step -> !step.isBlank())
                .toList();
    }

    /** Equal but for white space. */
    public static boolean same(String a, String b) {
        int i = skipSpace(a, 0);
        int j = skipSpace(b, 0);
        while (i < a.length() && j < b.length() && a.charAt(i) == b.charAt(j)) {
            i = skipSpace(a, i + 1);
            j = skipSpace(b, j + 1);
        }
        return i == a.length() && j == b.length();
    }

    private static int skipSpace(String text, int from) {
        int at = from;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /**
     * The text with its final answer removed: closing steps (or lines, or sentences) that state it are cut off, boxes
     * that are left are emptied. The work that leads to the answer stays.
     */
    public static String withoutAnswer(String text) {
        String work = text.strip();
        for (Pattern boundary : List.of(STEP_END, LINE_END, SENTENCE_END)) {
            work = cutClosing(work, boundary);
        }
        return replaceBoxes(work, _ -> BOXED + "?}");
    }

    /** Cuts closing parts off the end, never the only part. */
    private static String cutClosing(String text, Pattern boundary) {
        List<MatchResult> boundaries = boundary.matcher(text).results().toList();
        String rest = text;
        for (MatchResult last : boundaries.reversed()) {
            if (last.start() == 0
                    || !CLOSING.matcher(rest.substring(last.end())).find()) {
                break;
            }
            rest = text.substring(0, last.start());
        }
        return rest;
    }

    /**
     * The answers that the text itself arrives at, apart from its box: what it calls the answer, and the result of the
     * last equation of its work.
     */
    static List<String> statedAnswers(String text) {
        String open = unboxed(text);
        List<String> answers = new ArrayList<>();
        ANSWER_IS.matcher(open).results().map(found -> found.group("value")).forEach(answers::add);
        Matcher result = RESULT.matcher(withoutAnswer(text));
        String last = "";
        while (result.find()) {
            last = result.group("value");
        }
        if (!last.isEmpty()) {
            answers.add(last);
        }
        return answers;
    }

    /** The same text with its boxes opened: {@code \boxed{19}} becomes {@code 19}. */
    public static String unboxed(String text) {
        return replaceBoxes(text, inside -> inside);
    }

    /** The same text with nothing in the place of its boxes. */
    static String emptied(String text) {
        return replaceBoxes(text, _ -> "");
    }

    public static boolean hasBox(String text) {
        return text.contains(BOXED);
    }

    /** Whether the last step holds a box. */
    public static boolean endsInBox(String text) {
        List<String> paragraphs = paragraphs(text);
        return !paragraphs.isEmpty() && hasBox(paragraphs.getLast());
    }

    private static String replaceBoxes(String text, UnaryOperator<String> replacement) {
        StringBuilder out = new StringBuilder();
        int from = 0;
        for (int box = text.indexOf(BOXED); box >= 0; box = text.indexOf(BOXED, from)) {
            int inside = box + BOXED.length();
            int end = closing(text, inside);
            if (end < 0) {
                break;
            }
            out.append(text, from, box).append(replacement.apply(text.substring(inside, end)));
            from = end + 1;
        }
        return out.append(text, from, text.length()).toString();
    }

    private static int closing(String text, int from) {
        int depth = 1;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return -1;
    }
}
