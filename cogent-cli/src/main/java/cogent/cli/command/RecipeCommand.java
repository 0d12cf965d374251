package cogent.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import cogent.data.InputException;
import cogent.pipeline.recipe.RecipeReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cogent recipe}: the recipe reference, and the recipes that come along. */
@Command(
        name = "recipe",
        mixinStandardHelpOptions = true,
        description = {
            "prints every key of a recipe with its default and meaning, or a recipe that comes along",
            "e.g. cogent recipe quickstart > quickstart.yaml"
        })
public final class RecipeCommand implements Runnable {
    private static final List<String> NAMES = List.of("quickstart", "smollm2", "gsm8k-qwen2.5-0.5b");

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "quickstart, smollm2 or gsm8k-qwen2.5-0.5b")
    private @Nullable String name;

    @Option(names = "--schema", description = "as a JSON Schema, by which editors complete and check recipes")
    private boolean schema;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        String recipe = name;
        spec.commandLine()
                .getOut()
                .print(recipe != null ? comesAlong(recipe) : schema ? RecipeReader.schema() : RecipeReader.reference());
        spec.commandLine().getOut().flush();
    }

    private static String comesAlong(String name) {
        if (!NAMES.contains(name)) {
            throw new InputException("no recipe \"" + name + "\" comes along, only " + String.join(", ", NAMES));
        }
        try (InputStream recipe =
                Objects.requireNonNull(RecipeCommand.class.getResourceAsStream(name + ".yaml"), name)) {
            return new String(recipe.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
