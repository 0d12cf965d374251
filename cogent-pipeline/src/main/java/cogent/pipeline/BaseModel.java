package cogent.pipeline;

import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.HubNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the student was before it was trained.
 *
 * @param name on the Hugging Face hub where that can be told, else its folder's; empty for a student from scratch
 * @param license as its own card names it; empty where it names none
 */
record BaseModel(Optional<String> name, Optional<String> license) {
    /** A folder of the hub's cache, or one named after it. */
    private static final Pattern CACHE = Pattern.compile("models--([\\w.-]+?)--([\\w.-]+)");

    private static final Pattern HUB_NAME = Pattern.compile("[\\w.-]+/[\\w.-]+");
    private static final Pattern LICENSE = Pattern.compile("license: *([\\w.-]+) *");

    static BaseModel of(Recipe recipe) {
        String model = recipe.student().model();
        return model == null || model.equals(Recipe.PLAYGROUND)
                ? new BaseModel(Optional.empty(), Optional.empty())
                : of(HubNames.ofEnvironment().model(model));
    }

    private static BaseModel of(Path directory) {
        return new BaseModel(Optional.of(name(directory)), license(directory.resolve("README.md")));
    }

    /** Never the whole path: where the user keeps models is nobody else's business. */
    private static String name(Path directory) {
        Matcher cached = CACHE.matcher(directory.toString());
        if (cached.find()) {
            return cached.group(1) + "/" + cached.group(2);
        }
        return configured(directory.resolve("config.json"))
                .orElseGet(() ->
                        String.valueOf(directory.toAbsolutePath().normalize().getFileName()));
    }

    private static Optional<String> configured(Path config) {
        try {
            String name = JsonMapper.shared()
                    .readTree(Files.readString(config))
                    .path("_name_or_path")
                    .asString("");
            return Optional.of(name).filter(n -> HUB_NAME.matcher(n).matches());
        } catch (IOException | JacksonException e) {
            return Optional.empty();
        }
    }

    /** From the front matter of its card. */
    private static Optional<String> license(Path card) {
        try {
            return Files.readString(card)
                    .lines()
                    .skip(1)
                    .takeWhile(line -> !line.equals("---"))
                    .map(LICENSE::matcher)
                    .filter(Matcher::matches)
                    .map(m -> m.group(1))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty(); // no card, or none that can be read: nothing is known
        }
    }
}
