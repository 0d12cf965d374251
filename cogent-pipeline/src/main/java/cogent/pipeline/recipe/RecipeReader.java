package cogent.pipeline.recipe;

import cogent.data.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads a recipe: the file over the defaults, then {@code --set}; strict, with the place in every message. */
public final class RecipeReader {
    private static final JsonMapper BINDER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .build();

    /** The documented defaults: also the list of every key there is. */
    private static final ObjectNode DEFAULTS =
            YamlFile.parse("defaults.yaml", defaultsText()).root();

    private static final List<String> OWN_MODELS = List.of("base", "raw", "sft", "aligned");

    private RecipeReader() {}

    /**
     * Reads and checks a recipe.
     *
     * @param sets overrides as {@code a.b=c}, later ones win; values are YAML
     * @throws InputException naming file, line, key and, for a slip of the pen, the key that was probably meant
     */
    public static Recipe read(Path file, List<String> sets) {
        YamlFile recipe = YamlFile.parse(file.toString(), text(file, "recipe"));
        checkKeys(recipe.root(), DEFAULTS, "", recipe);
        ObjectNode resolved = DEFAULTS.deepCopy();
        Map<String, String> origins = new HashMap<>();
        merge(resolved, recipe.root());
        for (String set : sets) {
            apply(set, resolved, origins);
        }
        if (resolved.path("name").isNull()) {
            resolved.put("name", file.getFileName().toString().replaceFirst("\\.ya?ml$", ""));
        }
        return bind(resolved, recipe, origins);
    }

    /**
     * The defaults with overrides as {@code a.b=c}, for commands that have no recipe.
     *
     * @throws InputException naming the override that is wrong
     */
    public static Recipe defaults(List<String> sets) {
        ObjectNode resolved = DEFAULTS.deepCopy().put("name", "none");
        Map<String, String> origins = new HashMap<>();
        for (String set : sets) {
            apply(set, resolved, origins);
        }
        return bind(resolved, new YamlFile("defaults.yaml", resolved, Map.of()), origins);
    }

    /**
     * A recipe of a study.
     *
     * @param changes the variant's, laid over the recipe and {@code sets}
     * @param place name, folder and seed of the run
     * @param threads where the recipe leaves them open
     * @throws InputException naming file, line and key
     */
    static Recipe vary(YamlFile recipe, List<String> sets, YamlFile changes, ObjectNode place, int threads) {
        checkKeys(recipe.root(), DEFAULTS, "", recipe);
        ObjectNode resolved = DEFAULTS.deepCopy();
        Map<String, String> origins = new HashMap<>();
        merge(resolved, recipe.root());
        for (String set : sets) {
            apply(set, resolved, origins);
        }
        checkKeys(changes.root(), DEFAULTS, "", changes);
        merge(resolved, changes.root());
        changes.lines().keySet().forEach(path -> origins.put(path, changes.where(path)));
        merge(resolved, place);
        Recipe all = bind(resolved, recipe, origins);
        // one model is what the variant is about: the last that it makes
        List<String> named =
                all.evaluate().models().isEmpty() ? OWN_MODELS : all.evaluate().models();
        List<String> made = named.stream()
                .filter(model -> !model.equals("raw") || all.rawSft().enabled())
                .filter(model -> !model.equals("aligned") || all.align().enabled())
                .toList();
        if (made.isEmpty() || all.evaluate().benchmarks().isEmpty()) {
            throw new InputException(recipe.where("evaluate")
                    + ": nothing is evaluated: a study compares models, so evaluate.benchmarks and evaluate.models"
                    + " must name some");
        }
        resolved.withObject("evaluate").putArray("models").add(made.getLast());
        if (all.threads() == 0) {
            resolved.put("threads", threads);
        }
        return bind(resolved, recipe, origins);
    }

    /** The recipe as resolved, as YAML. */
    public static String toYaml(Recipe recipe) {
        return YamlFile.YAML.writeValueAsString(BINDER.valueToTree(recipe));
    }

    /** One part of a recipe as JSON: what a stage's manifest hashes. */
    public static JsonNode toJson(Object part) {
        return BINDER.valueToTree(part);
    }

    /** The teacher's settings with an agent's own laid over them. */
    public static Recipe.Endpoint endpoint(Recipe.Endpoint teacher, Map<String, JsonNode> own) {
        ObjectNode tree = BINDER.valueToTree(teacher);
        own.forEach(tree::set);
        return BINDER.treeToValue(tree, Recipe.Endpoint.class);
    }

    /**
     * An endpoint of its own: the teacher's documented defaults with its settings laid over them.
     *
     * @param key where it stands in the recipe
     */
    public static Recipe.Endpoint endpoint(String key, Map<String, JsonNode> own) {
        for (String name : own.keySet()) {
            if (name.startsWith("budget_")) {
                throw new InputException(key + "." + name + ": a budget is the whole run's; set teacher." + name);
            }
        }
        ObjectNode tree =
                (ObjectNode) Objects.requireNonNull(DEFAULTS.get("teacher")).deepCopy();
        own.forEach(tree::set);
        try {
            return BINDER.treeToValue(tree, Recipe.Endpoint.class);
        } catch (JacksonException e) {
            throw new InputException(key + ": " + why(e), e);
        }
    }

    private static String why(JacksonException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof InputException wrong) {
                return String.valueOf(wrong.getMessage());
            }
        }
        return (e instanceof DatabindException d
                ? "\"" + dotted(d) + "\" has a value of the wrong kind"
                : "cannot be read");
    }

    /** The documented defaults as they stand in the jar: the recipe reference. */
    public static String defaultsText() {
        try (InputStream in = RecipeReader.class.getResourceAsStream("defaults.yaml")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("the defaults cannot be read from the jar", e);
        }
    }

    static String text(Path file, String kind) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new InputException(file + ": no such " + kind, e);
        } catch (MalformedInputException e) {
            throw new InputException(file + ": not UTF-8 text", e);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static void checkKeys(JsonNode given, JsonNode known, String prefix, YamlFile file) {
        if (!(given instanceof ObjectNode) || !(known instanceof ObjectNode)) {
            return;
        }
        for (var entry : given.properties()) {
            String path = prefix.isEmpty() ? entry.getKey() : prefix + "." + entry.getKey();
            JsonNode expected = known.get(entry.getKey());
            if (expected == null) {
                throw new InputException(file.where(path) + ": unknown key \"" + path + "\"" + suggestion(path));
            }
            if (path.equals("evaluate.endpoints")) {
                endpoints(entry.getValue(), file);
            } else if (isAgentEndpoint(path)) {
                checkKeys(entry.getValue(), Objects.requireNonNull(DEFAULTS.get("teacher")), path, file);
            } else if (!expected.isEmpty()) {
                if (!entry.getValue().isObject() && expected.isObject()) {
                    throw new InputException(file.where(path) + ": \"" + path + "\" holds further keys ("
                            + String.join(", ", expected.propertyNames()) + "), not a single value");
                }
                checkKeys(entry.getValue(), expected, path, file);
            }
        }
    }

    /** Each has the teacher's keys under a name of its own, which is also a file's name. */
    private static void endpoints(JsonNode given, YamlFile file) {
        for (var entry : given.properties()) {
            String path = "evaluate.endpoints." + entry.getKey();
            if (!entry.getKey().matches("[\\w-][\\w.-]*") || OWN_MODELS.contains(entry.getKey())) {
                throw new InputException(
                        file.where(path) + ": an endpoint's name is made of letters, digits, '.', '-', '_'"
                                + " and is none of " + String.join(", ", OWN_MODELS) + ": \"" + entry.getKey() + "\"");
            }
            if (!entry.getValue().isObject()) {
                throw new InputException(file.where(path) + ": \"" + path + "\" holds further keys (url, model, …)");
            }
            checkKeys(entry.getValue(), Objects.requireNonNull(DEFAULTS.get("teacher")), path, file);
        }
    }

    private static boolean isAgentEndpoint(String path) {
        return path.startsWith("curate.") && (path.endsWith(".endpoint") || path.endsWith(".second_judge"));
    }

    /** Lays {@code over} onto {@code base}; maps that are empty by default take any key. */
    static void merge(ObjectNode base, ObjectNode over) {
        for (var entry : over.properties()) {
            JsonNode own = base.get(entry.getKey());
            if (own instanceof ObjectNode inner && entry.getValue() instanceof ObjectNode outer) {
                merge(inner, outer);
            } else {
                base.set(entry.getKey(), entry.getValue());
            }
        }
    }

    private static void apply(String set, ObjectNode resolved, Map<String, String> origins) {
        int equals = set.indexOf('=');
        if (equals < 1) {
            throw new InputException("--set " + set + ": expected KEY=VALUE, e.g. --set sft.epochs=1");
        }
        String path = set.substring(0, equals).strip();
        String origin = "--set " + path;
        YamlFile value = YamlFile.parse(origin, "value: " + set.substring(equals + 1));
        ObjectNode nested = YamlFile.YAML.createObjectNode();
        ObjectNode at = nested;
        List<String> keys = List.of(path.split("\\.", -1));
        for (String key : keys.subList(0, keys.size() - 1)) {
            at = at.putObject(key);
        }
        at.set(keys.getLast(), value.root().get("value"));
        checkKeys(nested, DEFAULTS, "", new YamlFile(origin, nested, Map.of()));
        merge(resolved, nested);
        origins.put(path, origin);
    }

    private static Recipe bind(ObjectNode resolved, YamlFile file, Map<String, String> origins) {
        try {
            Recipe recipe = BINDER.treeToValue(resolved, Recipe.class);
            recipe.curate()
                    .endpoints()
                    .forEach((key, own) -> checkEndpoint("curate." + key, recipe, own, file, origins));
            return recipe;
        } catch (JacksonException e) {
            String path = e instanceof DatabindException d ? dotted(d) : "";
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof InputException wrong) {
                    // the records' messages begin with the key that is wrong
                    String message = (path.isEmpty() ? "" : path + ".") + wrong.getMessage();
                    String key = message.substring(0, (message + " ").indexOf(' '));
                    throw new InputException(origins.getOrDefault(key, file.where(key)) + ": " + message, e);
                }
            }
            String where = origins.getOrDefault(path, file.where(path));
            JsonNode value = path.isEmpty() ? resolved : resolved.at("/" + path.replace('.', '/'));
            throw new InputException(where + ": \"" + path + "\" cannot be " + value + expected(path), e);
        }
    }

    /** An agent's settings are told now, with their place, rather than when the agent is first asked. */
    private static void checkEndpoint(
            String key, Recipe recipe, Map<String, JsonNode> own, YamlFile file, Map<String, String> origins) {
        try {
            endpoint(recipe.teacher(), own);
        } catch (JacksonException e) {
            String where = origins.getOrDefault(key, file.where(key)) + ": " + key;
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof InputException wrong) {
                    throw new InputException(where + "." + wrong.getMessage(), e);
                }
            }
            String setting = e instanceof DatabindException d ? dotted(d) : "";
            throw new InputException(where + "." + setting + " cannot be " + own.get(setting), e);
        }
    }

    private static String expected(String path) {
        JsonNode standard = DEFAULTS.at("/" + path.replace('.', '/'));
        return standard.isMissingNode() || standard.isNull() ? "" : "; the default is " + standard;
    }

    private static String dotted(DatabindException e) {
        List<String> parts = new ArrayList<>();
        e.getPath().forEach(ref -> {
            if (ref.getPropertyName() != null) {
                parts.add(ref.getPropertyName());
            }
        });
        return String.join(".", parts);
    }

    private static String suggestion(String path) {
        List<String> known = new ArrayList<>();
        paths(DEFAULTS, "", known);
        return Nearest.to(path, known)
                .map(k -> ". Did you mean \"" + k + "\"?")
                .orElse("; the keys stand in the recipe reference, `cogent recipe`");
    }

    private static void paths(JsonNode node, String prefix, List<String> paths) {
        for (var entry : node.properties()) {
            String path = prefix.isEmpty() ? entry.getKey() : prefix + "." + entry.getKey();
            paths.add(path);
            paths(entry.getValue(), path, paths);
        }
    }
}
