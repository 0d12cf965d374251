package cogent.curate.agent;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    /** What more may stand around a decision, and means something in a reason. */
    private static final Pattern AROUND = Pattern.compile(
            "</\\w+>?|<(?:b|i|em|strong|label|verdict|answer)>|<\\|\\w+\\|>?|\\\\[()\\[\\]]|[<>\\[\\]【】✅❌✔✗]");

    private static final Pattern WRAPPED = Pattern.compile("\\\\(?:boxed|text|textbf|mathbf)\\s*\\{([^{}]*)}");
    private static final Pattern CLOSING_LINES =
            Pattern.compile("(?:\\R\\h*(?:[`~]{3,}\\h*|[-*_]{3,}\\h*|\\\\?[}\\]$)]{1,2}\\h*)?)+\\z");
    private static final Pattern JSON_END = Pattern.compile("}\\s*(?:[`~]{3,})?\\s*\\z");
    /** Braces at which an object is tried to be read. */
    private static final int MOST_BRACES = 50;

    /** @param words that may be decided for */
    static Optional<LastLine> read(String reply, String name, List<String> words) {
        return json(reply, name, words).or(() -> line(reply, name, words));
    }

    /** The line without what only decorates it. */
    static String plain(String line) {
        String text = line.replace('：', ':')
                .replace('，', ',')
                .replace('（', '(')
                .replace('）', ')')
                .replace('。', '.');
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
        Matcher line = Pattern.compile(
                        "(?i)(?:(?:the |final |my )*" + name + "\\s*(?:[:=]|is\\b)\\s*)?(?<word>" + alternatives
                                + ")(?<rest>\\s*[.!]*|\\s*[(,;:.\\u2013\\u2014-].*|\\s+(?:because|since|as|due|for)\\b.*)")
                .matcher(plain(AROUND.matcher(text.substring(start)).replaceAll("")));
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
        Matcher end = JSON_END.matcher(reply);
        if (!end.find()) {
            return Optional.empty();
        }
        int tried = 0;
        for (int open = reply.indexOf('{'); open >= 0 && tried < MOST_BRACES; open = reply.indexOf('{', open + 1)) {
            Optional<LastLine> read =
                    json(reply.substring(0, open), reply.substring(open, end.start() + 1), name, words);
            if (read.isPresent()) {
                return read;
            }
            tried++;
        }
        return Optional.empty();
    }

    private static Optional<LastLine> json(String before, String json, String name, List<String> words) {
        try {
            return word(JsonMapper.shared().readTree(json), name)
                    .filter(words::contains)
                    .map(word -> new LastLine(word, before + reason(json)));
        } catch (JacksonException e) {
            return Optional.empty(); // a brace of a formula
        }
    }

    private static Optional<String> word(JsonNode object, String name) {
        return object.properties().stream()
                .flatMap(field -> field.getKey().equalsIgnoreCase(name)
                                && field.getValue().isString()
                        ? Stream.of(field.getValue().stringValue().strip().toLowerCase(Locale.ROOT))
                        : word(field.getValue(), name).stream())
                .findFirst();
    }

    /** The object's own reason as a line, where it gives one. */
    private static String reason(String json) {
        JsonNode reason = JsonMapper.shared().readTree(json).path("reason");
        return reason.isString() ? "\nReason: " + reason.stringValue() : "";
    }
}
