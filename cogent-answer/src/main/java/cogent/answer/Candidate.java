package cogent.answer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the part of a text to compare: a bare answer is itself, a reply is what it concludes. */
final class Candidate {
    private static final Pattern MATH = Pattern.compile(
            "\\$\\$(.{1,2000}?)\\$\\$|\\$([^$]{1,2000})\\$|\\\\\\[(.{1,2000}?)\\\\\\]|\\\\\\((.{1,2000}?)\\\\\\)",
            Pattern.DOTALL);

    private static final Pattern BARE = Pattern.compile("[\\w.,()/+*^=%-]{1,40}");

    /** "Answer: …", "Special matrix: …", "So …" */
    private static final Pattern HEADING = Pattern.compile(
            "(?:(?:A|[a-zA-ZÀ-ÿ ]{0,60}[a-zA-ZÀ-ÿ]{3})\\s*[:：]|(?i:so|thus|hence|therefore),?)\\s+(?=\\S)");

    private static final Pattern SHORT_WORD = Pattern.compile("(?<![\\\\a-zA-Z])[a-zA-Z]{2,}");
    private static final Pattern BOLD = Pattern.compile("\\*\\*([^*\\n]{1,200})\\*\\*");
    private static final Pattern WORD =
            Pattern.compile("(?<![\\\\a-zA-Z])[a-zA-Z]{3,}|[^\\x00-\\u024f\\u0370-\\u03ff\\u2000-\\u2bff]{2,}");
    private static final Pattern TEXT_COMMAND = Pattern.compile("\\\\[a-zA-Z]+(?:\\s*\\{[a-zA-Z ,.]*\\})?");
    private static final int TAIL = 6000;

    private Candidate() {}

    /** Left empty at the end, and the fence of code around what is none. */
    private static final Pattern AROUND =
            Pattern.compile("(?<=\\S)\\s+#{1,6}\\z|\\A`{1,3}(?:\\w{0,10}\\n)?|\\s{0,9}`{1,3}\\z|。\\z");

    private static final Pattern VERB = Pattern.compile("(?i)[a-z] (?:is|are|equals|makes|gives) ");

    static String of(String text) {
        String stripped = AROUND.matcher(text.strip()).replaceAll("");
        if (BARE.matcher(stripped).matches()) {
            return stripped; // the fast path
        }
        return Answers.extract(stripped).orElseGet(() -> {
            String reply = Answers.afterThinking(stripped);
            Matcher heading = HEADING.matcher(reply);
            String body = heading.lookingAt() ? reply.substring(heading.end()) : reply;
            String before = Phrases.isOneSentence(body) ? Phrases.beforeCause(body) : body;
            return isProse(before) ? lastOf(before) : before;
        });
    }

    /** Three words outside of formulas' commands make a sentence. */
    private static boolean isProse(String text) {
        String tail = text.substring(Math.max(0, text.length() - TAIL));
        String bare = TEXT_COMMAND.matcher(tail).replaceAll(" ");
        return WORD.matcher(bare).results().limit(3).count() == 3
                || SHORT_WORD.matcher(bare).results().limit(4).count() == 4
                || VERB.matcher(bare).find()
                || isLedIn(tail)
                || WORD.matcher(tail).results().anyMatch(word -> word.group().charAt(0) > 0x2ff);
    }

    /** Words before a formula in dollars. */
    private static boolean isLedIn(String text) {
        int dollar = text.indexOf('$');
        String before = text.substring(0, Math.max(0, dollar));
        return before.indexOf('\\') < 0 && WORD.matcher(before).find();
    }

    /** The last formula, else the last emphasised number, else the last number. */
    private static String lastOf(String text) {
        String tail = text.substring(Math.max(0, text.length() - TAIL));
        String last = "";
        Matcher math = MATH.matcher(tail);
        int end = 0;
        while (math.find()) {
            end = math.end();
            for (int group = 1; group <= 4; group++) {
                last = math.group(group) != null ? math.group(group) : last;
            }
        }
        String formula = last;
        if (!formula.isBlank()) {
            return Answers.lastNumber(tail.substring(end)).orElse(formula);
        }
        Matcher bold = BOLD.matcher(tail);
        while (bold.find()) {
            last = Answers.lastNumber(bold.group(1)).orElse(last);
        }
        return last.isBlank() ? Answers.lastNumber(tail).orElse(tail.length() < 400 ? tail : "") : last;
    }
}
