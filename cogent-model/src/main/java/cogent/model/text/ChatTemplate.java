package cogent.model.text;

import cogent.data.InputException;
import cogent.jinja.Template;
import cogent.jinja.Variables;
import cogent.jinja.value.TemplateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a model wants a conversation written: its Jinja template, rendered as transformers' {@code apply_chat_template}
 * renders it. Content of messages is data and never read as a template. Immutable, for any number of threads.
 */
public final class ChatTemplate {
    private static final String ADDITIONAL = "additional_chat_templates";

    private final Map<String, Template> named;
    private final Map<String, String> specialTokens;

    private ChatTemplate(Map<String, Template> named, Map<String, String> specialTokens) {
        this.named = named;
        this.specialTokens = specialTokens;
    }

    /**
     * The template of a model directory: {@code chat_template.jinja} and {@code additional_chat_templates}, or else
     * {@code chat_template} of tokenizer_config.json, a text or a list of named ones. Empty where the model has none.
     *
     * @throws InputException when a template cannot be parsed, with its line
     */
    public static Optional<ChatTemplate> load(Path directory) {
        var named = new LinkedHashMap<String, Template>();
        texts(directory).forEach((name, text) -> named.put(name, parsed(text, source(directory))));
        return named.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new ChatTemplate(named, SpecialTokens.read(directory).named()));
    }

    /** The text of a directory's template, of the one named {@code default} where there are several. */
    public static Optional<String> text(Path directory) {
        return Optional.ofNullable(texts(directory).get("default"));
    }

    private static Map<String, String> texts(Path directory) {
        var named = new LinkedHashMap<String, String>();
        Path source = source(directory);
        if (source.endsWith("chat_template.jinja")) {
            additional(directory)
                    .forEach(file ->
                            named.put(file.getFileName().toString().replaceFirst("\\.jinja\\z", ""), contents(file)));
            named.put("default", contents(source));
            return named;
        }
        JsonNode templates = SpecialTokens.json(source).path("chat_template");
        if (templates.isString()) {
            return Map.of("default", templates.asString());
        }
        boolean none = templates.isMissingNode() || templates.isNull();
        for (JsonNode one : templates.isArray() || none ? templates : List.of(templates)) {
            if (!one.path("name").isString() || !one.path("template").isString()) {
                throw new InputException(source + ": chat_template must be a text, or a list of objects with name and"
                        + " template, not " + templates);
            }
            named.put(one.path("name").asString(), one.path("template").asString());
        }
        return named;
    }

    /**
     * A template by its text.
     *
     * @param specialTokens {@code bos_token}, {@code eos_token}, …: variables of the template
     * @throws TemplateException when it cannot be parsed
     */
    public static ChatTemplate of(String template, Map<String, String> specialTokens) {
        return new ChatTemplate(Map.of("default", Template.parse(template)), Map.copyOf(specialTokens));
    }

    /** The files of further templates, such as {@code additional_chat_templates/tool_use.jinja}. */
    static List<Path> additional(Path directory) {
        Path folder = directory.resolve(ADDITIONAL);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jinja"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw InputException.unreadable(folder, e);
        }
    }

    private static Path source(Path directory) {
        Path file = directory.resolve("chat_template.jinja");
        return Files.isRegularFile(file) ? file : directory.resolve("tokenizer_config.json");
    }

    private static String contents(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw InputException.unreadable(file, e);
        }
    }

    private static Template parsed(String template, Path source) {
        try {
            return Template.parse(template);
        } catch (TemplateException e) {
            throw new InputException("the chat template in " + source + " cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * The text of a conversation.
     *
     * @param messages a list of {@code {"role": …, "content": …}}
     * @param tools functions that the model may call, or null
     * @param kwargs further variables, such as {@code enable_thinking}; they win over the special tokens
     * @param addGenerationPrompt whether the text ends where the assistant's reply begins
     * @param now what {@code strftime_now} tells
     * @throws TemplateException when the template refuses the conversation ({@link TemplateException#reason} is the
     *     template's own message), or fails on it
     */
    public String render(
            JsonNode messages,
            @Nullable JsonNode tools,
            JsonNode kwargs,
            boolean addGenerationPrompt,
            LocalDateTime now) {
        var variables = new LinkedHashMap<String, Object>(specialTokens);
        variables.put("add_generation_prompt", addGenerationPrompt);
        variables.put("messages", Variables.of(messages));
        variables.put("tools", Variables.of(tools));
        variables.put("documents", Variables.of(null));
        kwargs.properties().forEach(e -> variables.put(e.getKey(), Variables.of(e.getValue())));
        return template(tools).render(variables, now);
    }

    /** {@link #render(JsonNode, JsonNode, JsonNode, boolean, LocalDateTime)} without tools and further variables. */
    public String render(JsonNode messages, boolean addGenerationPrompt) {
        ObjectNode none = JsonNodeFactory.instance.objectNode();
        return render(messages, null, none, addGenerationPrompt, LocalDateTime.now(ZoneId.systemDefault()));
    }

    /** As transformers picks among named templates. */
    private Template template(@Nullable JsonNode tools) {
        boolean withTools = tools != null && !tools.isNull() && !tools.isMissingNode();
        Template template = withTools ? named.getOrDefault("tool_use", named.get("default")) : named.get("default");
        if (template == null) {
            throw new InputException("the model has chat templates named " + named.keySet()
                    + " but none named \"default\": put the one to use into chat_template.jinja");
        }
        return template;
    }
}
