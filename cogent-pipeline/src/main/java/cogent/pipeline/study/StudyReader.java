package cogent.pipeline.study;

import cogent.data.InputException;
import cogent.pipeline.keys.Layers;
import cogent.pipeline.keys.Nearest;
import cogent.pipeline.keys.Yaml;
import cogent.pipeline.keys.YamlFile;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import cogent.pipeline.study.Study.Comparison;
import cogent.pipeline.study.Study.Variant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a study; strict, with file, line, key and variant in every message. */
public final class StudyReader {
    private static final List<String> KEYS =
            List.of("name", "runs", "recipe", "variants", "seeds", "baseline", "compare");

    /** What belongs to the study and is no variant's to change. */
    private static final List<String> OWN = List.of("name", "runs", "seed");

    private final Path path;
    private final YamlFile file;
    private final String text;

    private StudyReader(Path path, String text) {
        this.path = path;
        this.text = text;
        this.file = YamlFile.parse(path.toString(), text);
    }

    /**
     * Reads and checks a study, and every recipe of its grid.
     *
     * @param sets overrides of the recipe as {@code a.b=c}, laid under the variants' own
     * @param seeds in place of the file's; empty: the file's
     * @param threads of a run whose recipe leaves them open
     * @throws InputException naming the place and what to do
     */
    public static Study read(Path path, List<String> sets, List<Long> seeds, int threads) {
        return new StudyReader(path, RecipeReader.text(path, "study")).read(sets, seeds, threads);
    }

    private Study read(List<String> sets, List<Long> seedsInstead, int threads) {
        for (String key : file.root().propertyNames()) {
            if (!KEYS.contains(key)) {
                throw wrong(
                        key,
                        "unknown key \"" + key + "\""
                                + Nearest.to(key, KEYS)
                                        .map(k -> ". Did you mean \"" + k + "\"?")
                                        .orElse("; a study has " + String.join(", ", KEYS)
                                                + ", and settings of the recipe belong under recipe or a variant"));
            }
        }
        String name = string("name", path.getFileName().toString().replaceFirst("\\.ya?ml$", ""));
        Path root = Path.of(string("runs", "runs"), name);
        List<Long> seeds = seedsInstead.isEmpty() ? seeds() : seedsInstead;
        YamlFile recipe = recipe();
        List<Variant> variants = variants(recipe, sets, seeds, root, threads);
        List<String> names = variants.stream().map(Variant::name).toList();
        String baseline = baseline(names);
        Path source = file.root().path("recipe").isString() ? Path.of(recipe.name()) : path;
        return new Study(name, root, source, variants, seeds, baseline, comparisons(names, baseline), text);
    }

    private YamlFile recipe() {
        JsonNode recipe = file.root().path("recipe");
        if (recipe instanceof ObjectNode inline) {
            return file.part("recipe", inline);
        }
        if (!recipe.isString()) {
            throw wrong("recipe", "recipe is missing: the path of a recipe, from this file's folder, or its keys");
        }
        Path source = path.resolveSibling(recipe.asString());
        return YamlFile.parse(source.toString(), RecipeReader.text(source, "recipe"));
    }

    private List<Long> seeds() {
        JsonNode given = file.root().path("seeds");
        if (!given.isArray() || !given.valueStream().allMatch(s -> s.isIntegralNumber() && s.canConvertToLong())) {
            throw wrong("seeds", "seeds is a list of whole numbers, e.g. [1, 2, 3, 4, 5]");
        }
        List<Long> seeds = given.valueStream().map(JsonNode::asLong).toList();
        if (seeds.isEmpty()) {
            throw wrong("seeds", "no seeds: nothing would run; five are a good start, e.g. [1, 2, 3, 4, 5]");
        }
        if (Set.copyOf(seeds).size() < seeds.size()) {
            throw wrong("seeds", "a seed stands in it twice: " + given);
        }
        return seeds;
    }

    private List<Variant> variants(YamlFile recipe, List<String> sets, List<Long> seeds, Path root, int threads) {
        if (!(file.root().path("variants") instanceof ObjectNode given) || given.isEmpty()) {
            throw wrong(
                    "variants",
                    "variants is missing: names with what each changes, e.g. {plain: {}, careful: {align.beta: 0.1}}");
        }
        List<Variant> variants = new ArrayList<>();
        Set<String> folders = new HashSet<>();
        for (var entry : given.properties()) {
            String name = entry.getKey();
            String key = "variants." + name;
            if (!entry.getValue().isNull() && !entry.getValue().isObject()) {
                throw wrong(key, "variant \"" + name + "\" is a mapping of recipe keys to values, or {}");
            }
            String folder = folder(name);
            if (folder.isEmpty() || !folders.add(folder)) {
                throw wrong(
                        key,
                        "variant \"" + name + "\" needs a name of its own in letters and digits: its runs lie in \""
                                + folder + "-SEED\"");
            }
            YamlFile changes = file.part(key, expanded(entry.getValue()));
            List<Recipe> recipes = new ArrayList<>();
            try {
                OWN.stream().filter(own -> changes.root().has(own)).findFirst().ifPresent(own -> {
                    throw new InputException(
                            Layers.of(changes).where(own) + ": \"" + own + "\" is the study's, not a variant's");
                });
                for (long seed : seeds) {
                    recipes.add(
                            RecipeReader.vary(recipe, sets, changes, place(root, folder + "-" + seed, seed), threads));
                }
            } catch (InputException e) {
                throw new InputException("variant \"" + name + "\": " + e.getMessage(), e);
            }
            variants.add(new Variant(name, about(entry.getValue()), recipes));
        }
        return variants;
    }

    private static ObjectNode place(Path root, String name, long seed) {
        return Yaml.mapping().put("runs", root.toString()).put("name", name).put("seed", seed);
    }

    /** {@code align.beta: 0.1} is short for {@code align: {beta: 0.1}}. */
    private static ObjectNode expanded(JsonNode changes) {
        ObjectNode nested = Yaml.mapping();
        for (var entry : changes.properties()) {
            Yaml.merge(nested, Yaml.at(entry.getKey(), entry.getValue()));
        }
        return nested;
    }

    private static String about(JsonNode changes) {
        return changes.isEmpty()
                ? "the recipe as it is"
                : changes.toString()
                        .replace("\"", "")
                        .replaceAll("([:,])", "$1 ")
                        .replaceAll("^\\{|\\}$", "");
    }

    /** The name as it can stand in a path. */
    static String folder(String name) {
        return name.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}.]+", "-")
                .replaceAll("^[-.]+|[-.]+$", "");
    }

    private String baseline(List<String> names) {
        String baseline = string("baseline", names.size() == 1 ? names.getFirst() : "");
        if (baseline.isEmpty()) {
            throw wrong("baseline", "baseline is missing: the variant that the others are compared with");
        }
        return known(baseline, names, "baseline");
    }

    private String known(String name, List<String> names, String key) {
        if (!names.contains(name)) {
            throw wrong(
                    key,
                    key + ": no variant is called \"" + name + "\""
                            + Nearest.to(name, names)
                                    .map(n -> ". Did you mean \"" + n + "\"?")
                                    .orElse("; there are " + String.join(", ", names)));
        }
        return name;
    }

    private List<Comparison> comparisons(List<String> names, String baseline) {
        JsonNode given = file.root().path("compare");
        if (given.isMissingNode() || given.isNull()) {
            return names.stream()
                    .filter(n -> !n.equals(baseline))
                    .map(n -> new Comparison(n, baseline))
                    .toList();
        }
        List<Comparison> comparisons = new ArrayList<>();
        for (JsonNode one : given.isArray() ? given : List.of(given)) {
            boolean pair = one.isArray() && one.size() == 2 && one.valueStream().allMatch(JsonNode::isString);
            if (!one.isString() && !pair) {
                throw wrong(
                        "compare",
                        "compare is a list of variants, each compared with the baseline, or of pairs"
                                + " [variant, against]; " + one + " is neither");
            }
            Comparison comparison = pair
                    ? new Comparison(
                            known(one.path(0).asString(), names, "compare"),
                            known(one.path(1).asString(), names, "compare"))
                    : new Comparison(known(one.asString(), names, "compare"), baseline);
            if (comparison.variant().equals(comparison.against())) {
                throw wrong("compare", "compare: \"" + comparison.variant() + "\" against itself says nothing");
            }
            if (comparisons.contains(comparison)) {
                throw wrong("compare", "compare: " + one + " stands in it twice");
            }
            comparisons.add(comparison);
        }
        return comparisons;
    }

    private String string(String key, String otherwise) {
        JsonNode value = file.root().path(key);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isValueNode() || value.asString().isBlank()) {
            throw wrong(key, "\"" + key + "\" is a word, not " + value);
        }
        return value.asString();
    }

    private InputException wrong(String key, String message) {
        return new InputException(Layers.of(file).where(key) + ": " + message);
    }
}
