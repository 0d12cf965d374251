package cogent.pipeline.keys;

import cogent.data.InputException;
import cogent.pipeline.keys.ValueKind.Keys;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What was given: a file with others and single values laid over it, and where each key stands. */
public final class Layers {
    /**
     * Where a key stands.
     *
     * @param line from 1; 0 where there are no lines
     */
    public record Source(String name, int line) {
        @Override
        public String toString() {
            return line == 0 ? name : name + ":" + line;
        }
    }

    private final String name;
    private final ObjectNode given = Yaml.mapping();
    private final Map<String, Source> sources = new LinkedHashMap<>();

    private Layers(String name) {
        this.name = name;
    }

    /** @param name what messages call that of which nothing is known */
    public static Layers named(String name) {
        return new Layers(name);
    }

    public static Layers of(YamlFile file) {
        return named(file.name()).lay(file);
    }

    public Layers lay(YamlFile file) {
        file.lines().forEach((path, line) -> sources.put(path, new Source(file.name(), line)));
        return lay(file.root());
    }

    public Layers lay(ObjectNode over) {
        Yaml.merge(given, over);
        return this;
    }

    /**
     * Lays one value over the others.
     *
     * @param set {@code a.b=c}; c is YAML, but of a key that takes a text it is that text, unless it is in quotes
     * @throws InputException when it is not of this form
     */
    public Layers set(String set, Keys keys) {
        int equals = set.indexOf('=');
        if (equals < 1) {
            throw new InputException("--set " + set + ": expected KEY=VALUE, e.g. --set sft.epochs=1");
        }
        String path = set.substring(0, equals).strip();
        String text = set.substring(equals + 1).strip();
        String source = "--set " + path;
        boolean literal =
                keys.kind(path).filter(ValueKind.Text.class::isInstance).isPresent()
                        && !text.matches("(?s)|null|\".*\"|'.*'");
        JsonNode value = literal
                ? JsonNodeFactory.instance.stringNode(text)
                : YamlFile.parse(source, "value: " + text).root().path("value");
        sources.put(path, new Source(source, 0));
        return lay(Yaml.at(path, value));
    }

    /** Not to be changed. */
    public ObjectNode given() {
        return given;
    }

    /** Where a key stands, or the nearest above it that was given. */
    public Source where(String path) {
        for (String p = path; !p.isEmpty(); p = p.contains(".") ? p.substring(0, p.lastIndexOf('.')) : "") {
            Source source = sources.get(p);
            if (source != null) {
                return source;
            }
        }
        // a.b: c in one line is no line of a
        return sources.entrySet().stream()
                .filter(e -> e.getKey().startsWith(path + "."))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(new Source(name, 0));
    }
}
