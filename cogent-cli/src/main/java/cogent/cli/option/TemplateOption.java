package cogent.cli.option;

import cogent.data.InputException;
import cogent.model.text.TemplateDefaults;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Variables of a model's chat template. */
public final class TemplateOption {
    private static final String NAME = "--chat-template-kwargs";
    private static final String NONE = "{}";

    @Option(
            names = NAME,
            paramLabel = "JSON",
            defaultValue = NONE,
            description = "variables of the model's chat template, such as '{\"enable_thinking\": false}'")
    private String json;

    /** @throws InputException when there are some for a model without a template */
    public void requireNone(String model) {
        InputException.require(json.equals(NONE), NAME + ": " + model + " has no chat template that could heed it");
    }

    /** @throws InputException when they are none that the template of this model knows */
    public Map<String, JsonNode> variables(Path directory) {
        Map<String, JsonNode> variables = new LinkedHashMap<>();
        try {
            JsonNode object = JsonMapper.shared().readTree(json);
            InputException.require(object.isObject(), "it is no JSON object");
            object.properties().forEach(e -> variables.put(e.getKey(), e.getValue()));
            if (Files.exists(directory)) { // loading tells better of what is not there
                TemplateDefaults.requireKnown(directory, variables);
            }
            return variables;
        } catch (JacksonException e) {
            throw new InputException(NAME + ": " + e.getOriginalMessage(), e);
        } catch (InputException e) {
            throw new InputException(NAME + ": " + e.getMessage(), e);
        }
    }
}
