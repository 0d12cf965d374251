package cogent.answer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers under a name: {@code <answer>5</answer>} at the end, and {@code {"answer": 5}}. */
final class Tagged {
    private static final Pattern TAG = Pattern.compile("(?i)<answer>([^<>]{1,400})</answer>\\s*\\z");

    private static final Pattern FIELD = Pattern.compile(
            "(?i)[\"'](?:final[_ ]?|correct[_ ]?|my[_ ]?)?(?:answer|result|choice|option)[\"']\\s{0,9}:\\s{0,9}"
                    + "(?:\"((?:[^\"\\\\\\n]|\\\\.){1,400}+)\"|'([^'\\n]{1,400}+)'|(-?\\d[\\d.eE+-]{0,60}|true|false)(?=\\s*[,}\\n]|\\s*\\z))");

    private static final Pattern ESCAPE = Pattern.compile("\\\\([\"\\\\/])");

    private Tagged() {}

    static Optional<String> answer(String text) {
        Matcher tag = TAG.matcher(text);
        return text.contains("</") && tag.find() ? Optional.of(tag.group(1).strip()) : field(text);
    }

    private static Optional<String> field(String text) {
        Optional<String> last = Optional.empty();
        Matcher field = FIELD.matcher(text);
        while (field.find()) {
            String value =
                    field.group(1) != null ? field.group(1) : field.group(2) != null ? field.group(2) : field.group(3);
            String plain = ESCAPE.matcher(value).replaceAll(m -> Matcher.quoteReplacement(m.group(1)));
            last = Optional.of(Reason.beforeCause(plain.strip()));
        }
        return last;
    }
}
