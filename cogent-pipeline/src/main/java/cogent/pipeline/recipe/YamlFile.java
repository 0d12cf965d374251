package cogent.pipeline.recipe;

import cogent.data.InputException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A YAML mapping with the line of each of its keys, for messages that name the place.
 *
 * @param name what messages call the file
 * @param lines dotted path of a key to its line, from 1
 */
record YamlFile(String name, ObjectNode root, Map<String, Integer> lines) {
    static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    static YamlFile parse(String name, String text) {
        try {
            JsonNode root = YAML.readTree(text);
            if (root.isMissingNode() || root.isNull()) {
                root = YAML.createObjectNode();
            }
            if (!(root instanceof ObjectNode mapping)) {
                throw new InputException(name + ": a recipe is a mapping of keys to values, this is "
                        + root.getNodeType().name().toLowerCase(java.util.Locale.ROOT));
            }
            Map<String, Integer> lines = new HashMap<>();
            try (JsonParser parser = YAML.createParser(text)) {
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

    /** {@code name:line} of a path or of the nearest key above it that the file has. */
    String where(String path) {
        for (String p = path; !p.isEmpty(); p = p.contains(".") ? p.substring(0, p.lastIndexOf('.')) : "") {
            Integer line = lines.get(p);
            if (line != null) {
                return name + ":" + line;
            }
        }
        // a.b: c in one line is no line of a
        return lines.entrySet().stream()
                .filter(e -> e.getKey().startsWith(path + "."))
                .map(e -> name + ":" + e.getValue())
                .findFirst()
                .orElse(name);
    }

    /** What stands under a key, as a file of its own whose messages name the same lines. */
    YamlFile part(String key, ObjectNode root) {
        Map<String, Integer> own = new HashMap<>();
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
