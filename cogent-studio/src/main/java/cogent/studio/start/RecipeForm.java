package cogent.studio.start;

import cogent.pipeline.recipe.RecipeReader;
import cogent.studio.html.Form;
import cogent.studio.html.SafeHtml;
import cogent.studio.http.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every key of a recipe as a field, made from its schema. An empty field leaves the default, which stands in it faintly; what is
 * written there is YAML, as {@code --set} takes it.
 */
final class RecipeForm {
    private static final JsonNode SCHEMA = JsonMapper.shared().readTree(RecipeReader.schema());

    /** Fields of the form that are keys begin so. */
    private static final String PREFIX = "set.";

    private RecipeForm() {}

    /** What is filled in, as {@code key=value}. */
    static List<String> sets(Request request) {
        List<String> sets = new ArrayList<>();
        request.form().forEach((field, values) -> {
            String value = values.getFirst().strip();
            if (field.startsWith(PREFIX) && !value.isEmpty()) {
                sets.add(field.substring(PREFIX.length()) + "=" + value);
            }
        });
        return sets;
    }

    /** The fields, those of a section folded together and open where one of them is filled in. */
    static SafeHtml fields(Request request) {
        List<SafeHtml> top = new ArrayList<>();
        List<SafeHtml> sections = new ArrayList<>();
        for (Map.Entry<String, JsonNode> key : SCHEMA.path("properties").properties()) {
            if (key.getValue().has("properties")) {
                sections.add(section(key.getKey(), key.getValue(), request));
            } else if (!key.getKey().equals("runs")) {
                top.add(field(key.getKey(), key.getValue(), request));
            }
        }
        return SafeHtml.of("<div class=\"fields\">{}</div>{}", top, sections);
    }

    private static SafeHtml section(String path, JsonNode schema, Request request) {
        List<SafeHtml> fields = new ArrayList<>();
        List<SafeHtml> within = new ArrayList<>();
        for (Map.Entry<String, JsonNode> key : schema.path("properties").properties()) {
            String inner = path + "." + key.getKey();
            if (key.getValue().has("properties")) {
                within.add(section(inner, key.getValue(), request));
            } else {
                fields.add(field(inner, key.getValue(), request));
            }
        }
        boolean filled = sets(request).stream().anyMatch(set -> set.startsWith(path + "."));
        return SafeHtml.of(
                "<details class=\"section\"{}><summary><b>{}</b> {}</summary><div class=\"fields\">{}</div>{}</details>",
                SafeHtml.when(filled, " open"),
                path,
                schema.path("description").asString(""),
                fields,
                within);
    }

    private static SafeHtml field(String path, JsonNode schema, Request request) {
        String name = PREFIX + path;
        String value = request.form(name);
        String standard = schema.has("default") ? text(schema.path("default")) : "";
        String label = path.substring(path.lastIndexOf('.') + 1);
        SequencedMap<String, String> options = options(schema, standard);
        SafeHtml input = options.isEmpty()
                ? SafeHtml.of(
                        "<label><span>{}</span><input type=\"text\" name=\"{}\" value=\"{}\" placeholder=\"{}\" autocomplete=\"off\"></label>",
                        label,
                        name,
                        value,
                        standard)
                : Form.select(name, label, options, value);
        return SafeHtml.of(
                "<div>{}<p class=\"note\">{}</p></div>",
                input,
                schema.path("description").asString(""));
    }

    private static SequencedMap<String, String> options(JsonNode schema, String standard) {
        SequencedMap<String, String> options = new LinkedHashMap<>();
        List<String> values = schema.has("enum")
                ? schema.path("enum")
                        .valueStream()
                        .map(JsonNode::asString)
                        .filter(v -> !v.contains("-"))
                        .toList()
                : schema.path("type").asString("").equals("boolean") ? List.of("true", "false") : List.of();
        if (!values.isEmpty()) {
            options.put("", standard.isEmpty() ? "default" : standard + " (default)");
            values.forEach(v -> options.put(v, v));
        }
        return options;
    }

    private static String text(JsonNode value) {
        return value.isString() ? value.asString().replace("\n", "\\n") : value.isNull() ? "" : value.toString();
    }
}
