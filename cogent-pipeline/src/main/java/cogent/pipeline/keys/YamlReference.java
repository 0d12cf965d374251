package cogent.pipeline.keys;

import cogent.pipeline.keys.ValueKind.Keys;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Every key with its default and its meaning, as a YAML file. */
public final class YamlReference {
    private static final int COMMENT = 28;
    private static final int WIDTH = 126;

    private final StringBuilder out = new StringBuilder();
    private final Set<String> told = new HashSet<>();

    private YamlReference() {}

    public static String of(Keys keys) {
        YamlReference reference = new YamlReference();
        reference.section(keys, "");
        return reference.out.toString();
    }

    private void section(Keys keys, String indent) {
        for (ValueKind.Part part : keys.parts()) {
            if (part.unwrapped() != null) {
                section(part.unwrapped(), indent);
                continue;
            }
            boolean nested = part.kind() instanceof Keys;
            if (nested && indent.isEmpty()) {
                out.append('\n');
            }
            String value = part.standard() == null ? "" : " " + Yaml.flow(part.standard());
            boolean again = !told.add(keys.type().getName() + "." + part.name());
            line(indent + part.name() + ":" + value, again ? "" : part.doc());
            if (part.kind() instanceof Keys section) {
                section(section, indent + "  ");
            }
        }
    }

    /** A long value has its meaning above it. */
    private void line(String key, String doc) {
        List<String> lines = wrapped(doc);
        if (doc.isEmpty()) {
            out.append(key).append('\n');
        } else if (key.length() + 1 < COMMENT) {
            out.append(key).append(" ".repeat(COMMENT - key.length()));
            out.append(String.join("\n" + " ".repeat(COMMENT), lines)).append('\n');
        } else {
            String indent = key.substring(0, key.length() - key.stripLeading().length());
            out.append(indent).append(String.join("\n" + indent, lines)).append('\n');
            out.append(key).append('\n');
        }
    }

    private static List<String> wrapped(String doc) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder("#");
        for (String word : doc.split(" ", -1)) {
            if (COMMENT + line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line.setLength(1);
            }
            line.append(' ').append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
