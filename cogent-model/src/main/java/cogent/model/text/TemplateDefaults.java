package cogent.model.text;

import cogent.data.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Variables of a chat template, such as {@code enable_thinking}, that hold where a caller sets none: a model that was trained with
 * them is asked with them by whatever loads it.
 */
public final class TemplateDefaults {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_]\\w*");
    private static final Pattern CODE = Pattern.compile("\\{[{%](.*?)[%}]}", Pattern.DOTALL);
    private static final Pattern QUOTED =
            Pattern.compile("'[^'\\\\]*+(?:\\\\.[^'\\\\]*+)*+'|\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"", Pattern.DOTALL);
    private static final Set<String> TAKEN = Set.of("messages", "tools", "documents", "add_generation_prompt");

    private TemplateDefaults() {}

    /**
     * Tells of a variable that makes no difference, or cannot be one.
     *
     * @param directory of the model
     * @throws InputException when its template does not mention one, a name is the conversation's, or a value is no text, number
     *     or truth
     */
    public static void requireKnown(Path directory, Map<String, JsonNode> variables) {
        Optional<String> template = ChatTemplate.text(directory);
        variables.forEach((name, value) -> {
            InputException.require(
                    NAME.matcher(name).matches() && !TAKEN.contains(name), name + " is no variable to set by name");
            InputException.require(
                    value.isString() || value.isNumber() || value.isBoolean(),
                    name + " is " + value + ": give a text, a number, true or false");
            InputException.require(
                    template.filter(text -> mentions(text, name)).isPresent(),
                    template.isEmpty()
                            ? directory + " has no chat template that could heed " + name
                            : "the chat template of " + directory + " does not mention " + name);
        });
    }

    /** In its code: {@code <think>} in its text makes no variable of think. */
    private static boolean mentions(String template, String name) {
        Pattern word = Pattern.compile("\\b" + name + "\\b");
        return CODE.matcher(template)
                .results()
                .anyMatch(code -> word.matcher(QUOTED.matcher(code.group(1)).replaceAll("''"))
                        .find());
    }

    /** Writes them into the templates of a directory, wherever these are. */
    public static void declare(Path directory, Map<String, JsonNode> variables) throws IOException {
        if (variables.isEmpty()) {
            return;
        }
        List<Path> files = new ArrayList<>(ChatTemplate.additional(directory));
        files.add(directory.resolve("chat_template.jinja"));
        for (Path file : files) {
            if (Files.exists(file)) {
                Files.writeString(file, declared(Files.readString(file), variables));
            }
        }
        for (String name : List.of("tokenizer_config.json", "chat_template.json")) {
            TurnEnd.change(directory.resolve(name), config -> {
                JsonNode templates = config.path("chat_template");
                if (templates.isString()) {
                    config.put("chat_template", declared(templates.asString(), variables));
                } else {
                    templates.forEach(one -> ((ObjectNode) one)
                            .put("template", declared(one.path("template").asString(), variables)));
                }
            });
        }
    }

    /** Its line end is taken by the last block, as templates are read; what follows stays at the beginning of a line. */
    private static String declared(String template, Map<String, JsonNode> variables) {
        String defaults = new TreeMap<>(variables)
                .entrySet().stream()
                        .map(e -> "{%% if %1$s is not defined %%}{%% set %1$s = %2$s %%}{%% endif %%}"
                                .formatted(e.getKey(), e.getValue()))
                        .collect(Collectors.joining("", "", "\n"));
        return template.startsWith(defaults) ? template : defaults + template;
    }
}
