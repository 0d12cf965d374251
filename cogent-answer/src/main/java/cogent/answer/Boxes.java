package cogent.answer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds {@code \boxed{…}} and {@code \fbox{…}} with nested braces, in one pass over the text. */
final class Boxes {
    private static final Pattern COMMAND = Pattern.compile(
            "(?:\\\\(?:boxed|fbox|framebox)|\\x08oxed|(?<![\\\\\\w])boxed(?=\\{))\\s*(?=\\{|[^\\s{}\\\\$]{1,20})");
    private static final Pattern FILLER =
            Pattern.compile("\\\\(?:quad|qquad|[,;:!\\s()\\[\\]])|[$&]|\\\\(?:text|mathrm)\\s*\\{\\s*(and|or)\\s*\\}");
    private static final Pattern CONNECTOR =
            Pattern.compile("(?:[ \\t]*|\\s*(?:,|;|,?\\s*and|,?\\s*or)\\s*(?:[a-zA-Z](?:_\\d)?\\s*=\\s*)?)");

    /** A form that was never filled in, as far as it goes. */
    private static final Pattern NOTHING = Pattern.compile(
            "(?:(?:\\\\(?:boxed|fbox|framebox|text|mathrm)\\s*\\{\\s*)++[\\s$?.…_]*+(?:\\}|\\z)(?:\\s*\\})*+|[\\s$*?.…_])*+");

    private static final Pattern DENIAL =
            Pattern.compile("(?i)(?:\\b(?:not|cannot be|can not be)|n't(?: be)?)[\\s$\\\\(\\[]*\\z");

    /** More boxes in one sentence than this are no list of answers, and would take time to join. */
    private static final int LONGEST_LIST = 60;

    private record Box(int start, int end, String content) {}

    private Boxes() {}

    /** Where the last box ends, or 0 without one. */
    static int end(String text) {
        List<Box> boxes = all(text);
        return boxes.isEmpty() ? 0 : boxes.getLast().end;
    }

    /** The last box that is closed and not empty; boxes joined by "and", "or" or commas count as one list. */
    static Optional<String> last(String text) {
        List<Box> boxes = all(text);
        if (boxes.isEmpty()) {
            return Optional.empty();
        }
        Box next = boxes.getLast();
        String answer = next.content;
        int first = Math.max(0, boxes.size() - LONGEST_LIST);
        for (int i = boxes.size() - 2; i >= first && joined(text.substring(boxes.get(i).end, next.start)); i--) {
            next = boxes.get(i);
            answer = next.content.equals(answer) ? answer : next.content + ", " + answer;
        }
        return Optional.of(answer);
    }

    /** Whether an answer is empty but for boxes, marks of its place and white space. */
    static boolean isNothing(String answer) {
        return NOTHING.matcher(answer).matches();
    }

    /** Whether the text ends within a box. */
    static boolean isOpen(String text) {
        return text.contains("boxed{")
                && text.chars().filter(c -> c == '{').count()
                        > text.chars().filter(c -> c == '}').count();
    }

    private static boolean joined(String between) {
        return between.length() <= 60
                && CONNECTOR.matcher(FILLER.matcher(between).replaceAll(" $1 ")).matches();
    }

    /** The outermost boxes in order. */
    private static List<Box> all(String text) {
        List<Box> found = new ArrayList<>();
        if (!text.contains("oxed") && !text.contains("\\fbox") && !text.contains("\\framebox")) {
            return found;
        }
        int[] closing = closingBraces(text);
        var command = COMMAND.matcher(text);
        int from = 0;
        while (command.find(from)) {
            int open = command.end();
            int end;
            String content;
            if (text.charAt(open) == '{') {
                end = closing[open] + 1;
                content = end > 0 ? text.substring(open + 1, end - 1).strip() : "";
            } else {
                end = open + 1;
                while (end < text.length() && " \n\t$.,\\".indexOf(text.charAt(end)) < 0) {
                    end++;
                }
                content = text.substring(open, end);
            }
            if (!isNothing(content) && !isDenied(text, command.start())) {
                found.add(new Box(command.start(), end, content.startsWith("\\boxed") ? unwrapped(content) : content));
            }
            from = Math.max(end, command.end());
        }
        return found;
    }

    /** "The answer is not \\boxed{20}". */
    private static boolean isDenied(String text, int box) {
        return DENIAL.matcher(text.substring(Math.max(0, box - 20), box)).find();
    }

    /** The content of a box that directly holds a box. */
    private static String unwrapped(String box) {
        int open = box.indexOf('{');
        return open >= 0 && box.endsWith("}")
                ? box.substring(open + 1, box.length() - 1).strip()
                : box;
    }

    /** For every opening brace the index of its closing one, or -1; escaped braces are text. */
    private static int[] closingBraces(String text) {
        int[] closing = new int[text.length()];
        Arrays.fill(closing, -1);
        Deque<Integer> open = new ArrayDeque<>();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '{') {
                open.push(i);
            } else if (c == '}' && !open.isEmpty()) {
                closing[open.pop()] = i;
            }
        }
        return closing;
    }
}
