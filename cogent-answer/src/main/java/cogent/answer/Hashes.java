package cogent.answer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** GSM8K's last line, {@code #### 72}, told from Markdown's headings. */
final class Hashes {
    /** Of the line, and of the one below a heading; what is longer is no answer. */
    private static final int LONGEST_LINE = 400;

    private static final Pattern LINE = Pattern.compile("(?<!\\S)####(?!#)[ \\t\\u00a0]*([^\\n]*)");

    /** A heading's number of hashes, before a number in the last line. */
    private static final Pattern ALMOST =
            Pattern.compile("(?<![^\\n])#{2,6}[ \\t]+([-+$\\\\]{0,3}\\d[^\\n]{0,60})\\s*\\z");

    /** Between other lines the line of a heading. */
    private static final Pattern TITLE = Pattern.compile("(?i)[a-z]{2,}.*");

    /** A heading wherever it stands: numbered, or with a colon behind its words. */
    private static final Pattern HEADING = Pattern.compile(
            "(?i)(?:\\d{1,2}[.)]|(?-i:[IVX]{1,4}[.)]|[a-h]\\))|step \\d{1,2}\\b|part [\\dA-Z]{1,2}\\b)(?:\\s+\\p{L}.*|[.:].*)|\\p{L}[\\p{L} '-]{2,40}[:：](?:\\s.*|$)");

    private static final Pattern NUMBERED = Pattern.compile(
            "(?i)\\A[*_\\s]*(?:\\d{1,2}[.)]|(?-i:[IVX]{1,4}[.)]|[a-h]\\))|(?:step|part) [\\dA-Z]{1,2}\\s*[.:)–—-])\\s*(?=[*_]*\\p{L})");

    private static final Pattern ANNOUNCEMENT = Pattern.compile(
            "(?i)^[*_\\s]*(?:(?:so|thus|hence|therefore),? )?(?:the |my |our )?(?:final |correct )?"
                    + "(?:answer|result|antwort|ergebnis|respuesta|réponse|ответ|(?:最终)?答案|答え|정답)(?: is|是|为)?"
                    + "[*_\\s]*(?:[:：]|\\s[-–—]\\s|$|(?=\\s[-$\\\\]{0,2}\\d\\S*$))[*_\\s]*|^[*_\\s]*(?:solution|conclusion)[*_\\s]*[:：]?[*_\\s]*$");

    private static final Pattern FENCES = Pattern.compile("\\A```\\w{0,10}\\n|\\n?```\\z");

    private Hashes() {}

    /** The line before other lines may be a heading, which is no answer; behind them it may stand empty. */
    static Optional<String> answer(String text) {
        if (!text.contains("##")) {
            return Optional.empty();
        }
        int end = text.stripTrailing().length();
        Optional<String> last = Optional.empty();
        Matcher hashes = LINE.matcher(text);
        while (hashes.find()) {
            if (hashes.end(1) - hashes.start(1) > LONGEST_LINE) {
                continue;
            }
            String title = NUMBERED.matcher(hashes.group(1).replaceFirst("\\s*#{1,6}\\s*$", ""))
                    .replaceFirst("")
                    .strip();
            Matcher announced = ANNOUNCEMENT.matcher(title);
            boolean announces = announced.lookingAt();
            String line = Sentences.clean(Reason.beforeCause(announces ? title.substring(announced.end()) : title));
            boolean ends = hashes.end() >= end;
            if (line.isEmpty() && !ends && end - hashes.end() <= 2 * LONGEST_LINE) {
                String below = FENCES.matcher(text.substring(hashes.end(), end).strip())
                        .replaceAll("");
                boolean answers = below.indexOf('\n') < 0 && below.length() <= LONGEST_LINE && below.indexOf('#') < 0;
                last = answers
                        ? Phrases.stated(below).or(() -> Optional.of(Reason.core(Sentences.clean(below))))
                        : announces ? Optional.empty() : last;
            } else if (line.isEmpty() && announces) {
                last = Optional.empty();
            } else if (!line.isEmpty()
                    && line.length() <= LONGEST_LINE
                    && (announces || isAnswer(line, hashes.group(1), ends))) {
                last = Optional.of(line);
            }
        }
        return last.or(() -> almost(text));
    }

    private static boolean isAnswer(String line, String written, boolean ends) {
        return (ends || !TITLE.matcher(line).matches())
                && !HEADING.matcher(written.strip()).matches();
    }

    private static Optional<String> almost(String text) {
        Matcher last = ALMOST.matcher(text);
        return last.find() && !HEADING.matcher(last.group(1)).matches()
                ? Optional.of(last.group(1).strip())
                : Optional.empty();
    }
}
