package cogent.curate.reply;

import java.text.Normalizer;
import java.util.regex.Pattern;

/** A line of a reply without what only decorates it. */
public final class Plain {
    private static final Pattern EMPHASIS = Pattern.compile("[*_`#>\"“”„‟«»‹›「」『』]|(?<!\\p{L})['‘’‚]|['‘’](?!\\p{L})");
    /** What more may stand around a decision, and means something in a reason. */
    private static final Pattern AROUND = Pattern.compile(
            "</(?!think)\\w+>?|<(?:b|i|u|em|strong|span|code|mark|label|difficulty|verdict|answer|final|result|output)>"
                    + "|<\\|\\w+\\|>?|\\\\[()\\[\\]]|[<>✔✗]|[\\p{So}\\p{Cf}\\x{FE0F}\\x{1F3FB}-\\x{1F3FF}]");

    private static final Pattern WRAPPED = Pattern.compile("\\\\[a-z]+\\s*\\{([^{}]*)}");

    private Plain() {}

    /** Without emphasis, quotes and LaTeX's commands for them. */
    public static String line(String line) {
        String text = Normalizer.normalize(line, Normalizer.Form.NFKC).replace('。', '.');
        for (String inner = text; ; text = inner) {
            inner = WRAPPED.matcher(text).replaceAll("$1");
            if (inner.equals(text)) {
                return EMPHASIS.matcher(text.replace("$", "")).replaceAll("").strip();
            }
        }
    }

    /** The same, brackets of all kinds made one and signs and tags left out: for a line that holds no more than a decision. */
    static String decision(String line) {
        String text = AROUND.matcher(line).replaceAll("");
        return line(text.replaceAll("[\\[【]", "(").replaceAll("[]】]", ")"));
    }
}
