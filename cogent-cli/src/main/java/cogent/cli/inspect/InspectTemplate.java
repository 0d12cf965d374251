package cogent.cli.inspect;

import cogent.cli.command.JsonRows;
import cogent.cli.hub.ModelName;
import cogent.data.InputException;
import cogent.jinja.value.TemplateException;
import cogent.model.text.ChatTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code cogent inspect template}: a conversation as the model will read it. */
@Command(
        name = "template",
        mixinStandardHelpOptions = true,
        description = {
            "{\"messages\", \"kwargs\"?, \"special_tokens\"?, \"tools\"?, \"now\"?} → {\"text\"} or {\"error\"}",
            "kwargs are variables such as add_generation_prompt; now is what strftime_now tells (ISO date and time)"
        })
final class InspectTemplate implements Runnable {
    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Source source;

    @Option(names = "--input", required = true, paramLabel = "FILE", description = "JSON Lines; - for standard input")
    private Path input;

    /** Where the template is. */
    static final class Source {
        @Option(names = "--model", paramLabel = "MODEL", description = ModelName.WHAT + "; with a chat template")
        private @Nullable ModelName model;

        @Option(names = "--template", paramLabel = "FILE", description = "a template by itself (.jinja)")
        private @Nullable Path template;
    }

    @Override
    public void run() {
        ChatTemplate template = template();
        JsonRows.each(input, spec.commandLine().getOut(), row -> answer(template, row));
    }

    private ChatTemplate template() {
        if (source.model != null) {
            Path model = source.model.directory(spec);
            return ChatTemplate.load(model)
                    .orElseThrow(() -> new InputException(model + ": has no chat template"
                            + " (neither chat_template.jinja nor chat_template in tokenizer_config.json)"));
        }
        try {
            return ChatTemplate.of(Files.readString(Objects.requireNonNull(source.template)), Map.of());
        } catch (IOException e) {
            throw new InputException(source.template + ": cannot be read", e);
        } catch (TemplateException e) {
            throw new InputException(source.template + ": " + e.getMessage(), e);
        }
    }

    private static ObjectNode answer(ChatTemplate template, ObjectNode row) {
        JsonNode messages = row.get("messages");
        if (messages == null || !messages.isArray()) {
            throw new InputException("expected \"messages\", a list");
        }
        Map<String, JsonNode> variables = new LinkedHashMap<>();
        row.path("special_tokens").properties().forEach(e -> variables.put(e.getKey(), e.getValue()));
        row.path("kwargs").properties().forEach(e -> variables.put(e.getKey(), e.getValue()));
        try {
            String text = template.render(
                    messages, row.get("tools"), JsonRows.JSON.valueToTree(variables), false, now(row.path("now")));
            return JsonRows.JSON.createObjectNode().put("text", text);
        } catch (TemplateException e) {
            return JsonRows.error(e.reason());
        }
    }

    private static LocalDateTime now(JsonNode now) {
        if (!now.isString()) {
            return LocalDateTime.now(ZoneId.systemDefault());
        }
        String text = now.asString().replace(' ', 'T');
        try {
            return text.length() == 10 ? LocalDateTime.parse(text + "T00:00:00") : LocalDateTime.parse(text);
        } catch (DateTimeException e) {
            try {
                return OffsetDateTime.parse(text).toLocalDateTime();
            } catch (DateTimeException again) {
                throw new InputException("\"now\" is no date and time: " + now.asString(), again);
            }
        }
    }
}
