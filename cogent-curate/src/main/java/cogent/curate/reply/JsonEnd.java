package cogent.curate.reply;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A decision in a JSON object at the end of a reply, with or without a fence around it. */
final class JsonEnd {
    private static final Pattern END = Pattern.compile("([}\\]])\\s*(?:[`~]{3,})?\\s*\\z");
    /** Braces at which an object is tried to be read. */
    private static final int MOST_BRACES = 50;

    private static final List<String> REASONS =
            List.of("reason", "reasoning", "explanation", "justification", "rationale");
    /** As models write it, Python's quotes included; a name that stands twice says nothing. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(
                    JsonReadFeature.ALLOW_SINGLE_QUOTES,
                    JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES,
                    JsonReadFeature.ALLOW_TRAILING_COMMA)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private JsonEnd() {}

    static Optional<Ending> find(String reply, Choice<?> choice) {
        Matcher end = END.matcher(reply);
        if (!end.find()) {
            return Optional.empty();
        }
        char opening = end.group(1).equals("}") ? '{' : '[';
        int tried = 0;
        for (int open = reply.indexOf(opening);
                open >= 0 && tried < MOST_BRACES;
                open = reply.indexOf(opening, open + 1)) {
            Optional<Ending> read = read(reply.substring(0, open), reply.substring(open, end.start() + 1), choice);
            if (read.isPresent()) {
                return read;
            }
            tried++;
        }
        return Optional.empty();
    }

    private static Optional<Ending> read(String before, String json, Choice<?> choice) {
        JsonNode object;
        try {
            object = JSON.readTree(json);
        } catch (JacksonException e) {
            return Optional.empty(); // a brace of a formula
        }
        List<String> named = values(object, choice, true);
        List<String> values = named.isEmpty() ? values(object, choice, false) : named;
        if (values.size() != 1) {
            return Optional.empty();
        }
        String reason = REASONS.stream()
                .map(name -> object.path(name).asString(""))
                .filter(text -> !text.isEmpty())
                .map(text -> "\nReason: " + text)
                .findFirst()
                .orElse("");
        String line = choice.name() + ": " + Plain.decision(values.getFirst());
        return choice.read(line).map(_ -> new Ending(line, before + reason));
    }

    /** The different texts under the choice's name, or else under one of its other names, at any depth. */
    private static List<String> values(JsonNode node, Choice<?> choice, boolean own) {
        if (node.isArray()) {
            return node.valueStream()
                    .flatMap(element -> values(element, choice, own).stream())
                    .distinct()
                    .toList();
        }
        return node.properties().stream()
                .flatMap(field -> {
                    boolean name = own
                            ? field.getKey().equalsIgnoreCase(choice.name())
                            : choice.isName(field.getKey().replace('_', ' '));
                    return name && field.getValue().isString()
                            ? Stream.of(field.getValue().stringValue().strip())
                            : values(field.getValue(), choice, own).stream();
                })
                .distinct()
                .toList();
    }
}
