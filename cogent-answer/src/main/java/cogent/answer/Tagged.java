package cogent.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers under a name: {@code <answer>5</answer>}, {@code {"answer": 5}}, {@code {"answer": {"value": 5}}}. */
final class Tagged {
    private static final Pattern TAG = Pattern.compile(
            "(?is)[<\\[](final[_ ]?answer|answer|final|result)[>\\]]\\s{0,9}+([^<>]{1,400}?)\\s{0,9}[<\\[]/\\1[>\\]]");

    private static final String SCALAR =
            "(?:\"((?:[^\"\\\\\\n]|\\\\.){1,400}+)\"|'([^'\\n]{1,400}+)'|(-?\\d[\\d.eE+-]{0,60}|true|false)(?=\\s*[,}\\]\\n]|\\s*\\z))";

    private static final String ANSWER = "(?:final[_ ]?|correct[_ ]?|my[_ ]?)?(?:answer|result|choice|option)";

    /** In another object: what was announced may have its own fields. */
    private static final String VALUE = "(?:" + ANSWER + "|value|number|letter|label|final|text)";

    private static final Pattern FIELD = Pattern.compile(
            "(?i)[\"']" + ANSWER + "[\"']\\s{0,9}:\\s{0,9}(?:" + SCALAR
                    + "|\\{((?:\"(?:[^\"\\\\\\n]|\\\\.){0,400}+\"|[^{}\"]|\\{[^{}]{1,400}+\\}){1,400}+)\\}|\\[([^\\[\\]]{1,400}+)\\])");

    private static final Pattern INNER =
            Pattern.compile("(?i)[\"'](" + VALUE + "|\\w{1,30})[\"']\\s{0,9}:\\s{0,9}" + SCALAR);

    /** Of an object without an answer's name, when it is all that was said. */
    private static final Pattern OBJECT = Pattern.compile(
            "(?i)\\A\\s*(?:```\\w{0,10}\\s+)?\\{\\s*[\"'](?:value|number|output|final|ans|solution)[\"']\\s*:\\s*"
                    + SCALAR + "[^{}]{0,400}+\\}\\s*(?:```)?\\s*\\z");

    private static final Pattern ITEM = Pattern.compile(SCALAR);

    private static final Pattern NAMED = Pattern.compile("(?i)" + VALUE);

    private static final Pattern ESCAPE = Pattern.compile("\\\\([\"\\\\/])");

    private Tagged() {}

    static Optional<String> answer(String text) {
        Optional<String> tagged = Optional.empty();
        if (text.contains("</") || text.contains("[/")) {
            Matcher tag = TAG.matcher(text);
            while (tag.find()) {
                tagged = Optional.of(tag.group(2).strip());
            }
        }
        return tagged.filter(said -> !said.isEmpty()).or(() -> field(text));
    }

    private static Optional<String> field(String text) {
        Optional<String> last = Optional.empty();
        Matcher field = FIELD.matcher(text);
        while (field.find()) {
            Optional<String> said = field.group(4) != null
                    ? inner(field.group(4))
                    : field.group(5) != null ? items(field.group(5)) : Optional.of(scalar(field, 1));
            last = said.isPresent() ? said : last;
        }
        Matcher object = OBJECT.matcher(text.length() > 1000 ? "" : text);
        return last.isEmpty() && object.matches() ? Optional.of(scalar(object, 1)) : last;
    }

    /** The field that names the value, else the only one. */
    private static Optional<String> inner(String object) {
        List<String> values = new ArrayList<>();
        Matcher field = INNER.matcher(object);
        while (field.find()) {
            String value = scalar(field, 2);
            if (NAMED.matcher(field.group(1)).matches()) {
                return Optional.of(value);
            }
            values.add(value);
        }
        return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    }

    private static Optional<String> items(String list) {
        List<String> values = new ArrayList<>();
        Matcher item = ITEM.matcher(list);
        while (item.find()) {
            values.add(scalar(item, 1));
        }
        return values.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", values));
    }

    /** @param group of the text in double quotes; single ones and bare values follow */
    private static String scalar(Matcher field, int group) {
        String value = field.group(group) != null
                ? field.group(group)
                : field.group(group + 1) != null ? field.group(group + 1) : field.group(group + 2);
        String plain = ESCAPE.matcher(value).replaceAll(m -> Matcher.quoteReplacement(m.group(1)));
        return Reason.beforeCause(plain.strip());
    }
}
