package cogent.pipeline.keys;

import cogent.data.InputException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A YAML mapping with the line of each of its keys, for messages that name the place.
 *
 * @param name what messages call the file
 * @param lines dotted path of a key to its line, from 1
 */
public record YamlFile(String name, ObjectNode root, Map<String, Integer> lines) {
    /** @throws InputException when it is no YAML mapping */
    public static YamlFile parse(String name, String text) {
        try {
            JsonNode root = Yaml.value(text);
            if (root.isMissingNode() || root.isNull()) {
                root = Yaml.mapping();
            }
            if (!(root instanceof ObjectNode mapping)) {
                throw new InputException(name + ": a recipe is a mapping of keys to values, this is "
                        + root.getNodeType().name().toLowerCase(Locale.ROOT));
            }
            Map<String, Integer> lines = new LinkedHashMap<>();
            try (JsonParser parser = Yaml.MAPPER.createParser(text)) {
                parser.nextToken();
                collectLines(parser, "", lines);
            }
            return new YamlFile(name, mapping, lines);
        } catch (JacksonException e) {
            var at = e.getLocation();
            String where = at == null || at.getLineNr() < 1 ? name : name + ":" + at.getLineNr();
            throw new InputException(where + ": not YAML: " + problem(e.getOriginalMessage()), e);
        }
    }

    /** What stands under a key, as a file of its own whose messages name the same lines. */
    public YamlFile part(String key, ObjectNode root) {
        Map<String, Integer> own = new LinkedHashMap<>();
        lines.forEach((path, line) -> {
            if (path.startsWith(key + ".")) {
                own.put(path.substring(key.length() + 1), line);
            }
        });
        return new YamlFile(name, root, own);
    }

    private static void collectLines(JsonParser parser, String prefix, Map<String, Integer> lines) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String path = prefix.isEmpty() ? parser.currentName() : prefix + "." + parser.currentName();
            lines.put(path, parser.currentTokenLocation().getLineNr());
            parser.nextToken();
            collectLines(parser, path, lines);
        }
    }

    /** The parser's message is context, its place, the problem, its place; places begin with "in". */
    private static String problem(String message) {
        List<String> lines =
                message.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
        for (int i = lines.size() - 1; i > 0; i--) {
            if (lines.get(i).startsWith("in ")) {
                return lines.get(i - 1);
            }
        }
        return lines.isEmpty() ? "" : lines.getFirst();
    }
}
