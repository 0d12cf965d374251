package cogent.curate.agent;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A decision at the end of a reply, one of a few words behind a name: {@code Label: brief}. It is read through what models
 * put around it (emphasis, a box, a code fence, a full-width colon, a JSON object, a reason behind it) and never guessed: a
 * line that offers two of the words decides nothing.
 *
 * @param word in lower case
 * @param before what stands before the decision
 */
record LastLine(String word, String before) {
    private static final Pattern EMPHASIS = Pattern.compile("[*_`#>\"'“”「」]");
    private static final Pattern WRAPPED = Pattern.compile("\\\\(?:boxed|text|textbf|mathbf)\\s*\\{([^{}]*)}");
    private static final Pattern CLOSING_LINES =
            Pattern.compile("(?:\\R\\h*(?:[`~]{3,}\\h*|[-*_]{3,}\\h*|\\\\?[}\\]$)]{1,2}\\h*)?)+\\z");
    private static final Pattern JSON_END = Pattern.compile("\\{[^{}]*}\\s*(?:[`~]{3,})?\\s*\\z");

    /** @param words that may be decided for */
    static Optional<LastLine> read(String reply, String name, List<String> words) {
        return json(reply, name, words).or(() -> line(reply, name, words));
    }

    /** The line without what only decorates it. */
    static String plain(String line) {
        String text = line.replace('：', ':').replace('，', ',').replace('（', '(').replace('）', ')');
        for (String inner = text; ; text = inner) {
            inner = WRAPPED.matcher(text).replaceAll("$1");
            if (inner.equals(text)) {
                return EMPHASIS.matcher(text.replace("$", "")).replaceAll("").strip();
            }
        }
    }

    private static Optional<LastLine> line(String reply, String name, List<String> words) {
        String text = CLOSING_LINES.matcher(reply.strip()).replaceFirst("");
        int start = text.lastIndexOf('\n') + 1;
        String alternatives = words.stream().map(Pattern::quote).collect(Collectors.joining("|"));
        Matcher line = Pattern.compile("(?i)(?:(?:the |final |my )*" + name + "\\s*(?:[:=]|is\\b)\\s*)?(?<word>"
                        + alternatives + ")(?<rest>\\s*[.!]*|\\s*[(,;:.\\u2013\\u2014-].*|\\s+because\\b.*)")
                .matcher(plain(text.substring(start)));
        boolean named = line.matches() && (line.group("rest").matches("\\s*[.!]*") || line.start("word") > 0);
        if (!named || wavers(line.group("rest"), alternatives)) {
            return Optional.empty();
        }
        return Optional.of(new LastLine(
                line.group("word").toLowerCase(Locale.ROOT),
                text.substring(0, start).strip()));
    }

    /** Whether what follows the decision offers another one beside it: {@code easy or medium}, {@code easy / medium}. */
    private static boolean wavers(String rest, String alternatives) {
        String another = "\\b(?:" + alternatives + ")\\b";
        return Pattern.compile("(?i)^\\W*" + another
                        + "|\\b(?:or|could|might|may|maybe|perhaps|possibly|borderline|between|leaning)\\b[^.]*"
                        + another)
                .matcher(rest)
                .find();
    }

    private static Optional<LastLine> json(String reply, String name, List<String> words) {
        Matcher object = JSON_END.matcher(reply);
        if (!object.find()) {
            return Optional.empty();
        }
        try {
            String json = reply.substring(object.start(), reply.lastIndexOf('}') + 1);
            for (var field : JsonMapper.shared().readTree(json).properties()) {
                JsonNode value = field.getValue();
                String word = value.isString() ? value.stringValue().strip().toLowerCase(Locale.ROOT) : "";
                if (field.getKey().equalsIgnoreCase(name) && words.contains(word)) {
                    return Optional.of(new LastLine(word, reply.substring(0, object.start()) + reason(json)));
                }
            }
            return Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /** The object's own reason as a line, where it gives one. */
    private static String reason(String json) {
        JsonNode reason = JsonMapper.shared().readTree(json).path("reason");
        return reason.isString() ? "\nReason: " + reason.stringValue() : "";
    }
}
