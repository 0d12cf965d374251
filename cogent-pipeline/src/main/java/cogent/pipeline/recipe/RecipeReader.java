package cogent.pipeline.recipe;

import cogent.data.InputException;
import cogent.pipeline.keys.Binder;
import cogent.pipeline.keys.Declarations;
import cogent.pipeline.keys.JsonSchema;
import cogent.pipeline.keys.Layers;
import cogent.pipeline.keys.RecordJson;
import cogent.pipeline.keys.ValueKind.Keys;
import cogent.pipeline.keys.Yaml;
import cogent.pipeline.keys.YamlFile;
import cogent.pipeline.keys.YamlReference;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads a recipe: the file over the defaults, then {@code --set}; strict, with the place in every message. */
public final class RecipeReader {
    private static final Keys KEYS = Declarations.of(Recipe.class);

    private RecipeReader() {}

    /**
     * Reads and checks a recipe.
     *
     * @param sets overrides as {@code a.b=c}, later ones win; values are YAML
     * @throws InputException naming every error with file, line, key and, where there is one, the key that was meant
     */
    public static Recipe read(Path file, List<String> sets) {
        YamlFile given = YamlFile.parse(file.toString(), text(file, "recipe"));
        InputException.require(
                !given.root().has("recipe") || !given.root().has("variants"),
                file + " is a study of a recipe: `cogent study " + file + "`");
        Layers layers = Layers.of(given);
        sets.forEach(set -> layers.set(set, KEYS));
        JsonNode name = layers.given().path("name");
        if (name.isMissingNode() || name.isNull() || name.asString("-").isEmpty()) {
            layers.lay(Yaml.mapping().put("name", file.getFileName().toString().replaceFirst("\\.ya?ml$", "")));
        }
        return Binder.bind(Recipe.class, KEYS, layers);
    }

    /**
     * The defaults with overrides as {@code a.b=c}, for commands that have no recipe.
     *
     * @throws InputException naming the overrides that are wrong
     */
    public static Recipe defaults(List<String> sets) {
        Layers layers = Layers.named("defaults").lay(Yaml.mapping().put("name", "none"));
        sets.forEach(set -> layers.set(set, KEYS));
        return Binder.bind(Recipe.class, KEYS, layers);
    }

    /**
     * A recipe of a study.
     *
     * @param changes the variant's, laid over the recipe and {@code sets}
     * @param place where the run goes: its name, folder and seed
     * @param threads where the recipe leaves them open
     * @throws InputException naming file, line and key
     */
    public static Recipe vary(YamlFile recipe, List<String> sets, YamlFile changes, ObjectNode place, int threads) {
        Layers layers = Layers.of(recipe);
        sets.forEach(set -> layers.set(set, KEYS));
        layers.lay(changes).lay(place);
        Recipe all = Binder.bind(Recipe.class, KEYS, layers);
        // one model is what the variant is about: the last that it makes
        List<String> named = all.evaluate().models().isEmpty()
                ? EvaluateConfig.OWN
                : all.evaluate().models();
        List<String> made = named.stream()
                .filter(model -> !model.equals("raw") || all.rawSft().enabled())
                .filter(model -> !model.equals("aligned") || all.align().enabled())
                .filter(model -> !model.equals("distilled") || all.distils())
                .toList();
        if (made.isEmpty() || all.evaluate().benchmarks().isEmpty()) {
            throw new InputException(Layers.of(recipe).where("evaluate")
                    + ": nothing is evaluated: a study compares models, so evaluate.benchmarks and evaluate.models"
                    + " must name some");
        }
        layers.lay(Yaml.at("evaluate.models", Yaml.list(made.getLast())));
        if (all.threads() == 0) {
            layers.lay(Yaml.mapping().put("threads", threads));
        }
        return Binder.bind(Recipe.class, KEYS, layers);
    }

    /** A recipe as {@link #toYaml} wrote it, on another machine. */
    public static Recipe ofYaml(String text) {
        return Binder.bind(Recipe.class, KEYS, Layers.of(YamlFile.parse("recipe", text)));
    }

    /** A resolved recipe with other values in it, as {@code a.b=c}. */
    public static Recipe with(Recipe recipe, List<String> sets) {
        Layers layers = Layers.of(YamlFile.parse("recipe", toYaml(recipe)));
        sets.forEach(set -> layers.set(set, KEYS));
        return Binder.bind(Recipe.class, KEYS, layers);
    }

    /** The recipe as resolved, as YAML. */
    public static String toYaml(Recipe recipe) {
        return Yaml.text(RecordJson.all(recipe));
    }

    /** The teacher's settings with an agent's own laid over them. */
    public static EndpointConfig endpoint(EndpointConfig teacher, Map<String, JsonNode> own) {
        Layers layers = Layers.named("teacher").lay(RecordJson.all(teacher));
        layers.lay(JsonMapper.shared().createObjectNode().setAll(own));
        return Binder.bind(EndpointConfig.class, Declarations.of(EndpointConfig.class), layers);
    }

    /** Every key with its default and its meaning: the recipe reference, which is itself a recipe. */
    public static String reference() {
        return "# Every key of a recipe with its default. A recipe names only what differs; unknown keys are errors.\n"
                + "# `playground` as corpus.path, student.model or teacher.url stands for the built-in offline world.\n"
                + "# A meaning stands where its key first does. ~ and ${VARIABLE} in paths are what a shell has there.\n\n"
                + YamlReference.of(KEYS);
    }

    /** The JSON Schema of a recipe. */
    public static String schema() {
        return JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                        .writeValueAsString(JsonSchema.of(KEYS, "A recipe of Cogent"))
                + "\n";
    }

    /** @throws InputException naming the file, when it is not there or no text */
    public static String text(Path file, String kind) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new InputException(file + ": no such " + kind, e);
        } catch (MalformedInputException e) {
            throw new InputException(file + ": not UTF-8 text", e);
        } catch (IOException e) {
            if (Files.isDirectory(file)) {
                throw new InputException(file + ": is a folder, a " + kind + " is a file"
                        + (Files.exists(file.resolve("recipe.yaml"))
                                ? ": this run's is " + file.resolve("recipe.yaml")
                                : ""));
            }
            throw InputException.unreadable(file, e);
        }
    }
}
