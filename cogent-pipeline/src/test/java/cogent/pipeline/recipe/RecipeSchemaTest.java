package cogent.pipeline.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeSchemaTest {
    private static final Path RECIPES = Path.of("..", "recipes");
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(RecipeReader.schema(), InputFormat.JSON);

    @Test
    void the_schema_beside_the_recipes_is_current() throws IOException {
        assertThat(Files.readString(RECIPES.resolve("recipe.schema.json")))
                .as("./cogent recipe --schema > recipes/recipe.schema.json")
                .isEqualTo(RecipeReader.schema());
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void the_shipped_recipes_are_valid_and_name_the_schema(Path recipe) throws IOException {
        String text = Files.readString(recipe);
        assertThat(text).startsWith("# yaml-language-server: $schema=recipe.schema.json\n");
        assertThat(SCHEMA.validate(text, InputFormat.YAML)).isEmpty();
        RecipeReader.read(recipe, List.of());
    }

    static List<Path> shipped() throws IOException {
        try (Stream<Path> files = Files.list(RECIPES)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.getFileName().toString().startsWith("study"))
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sft: {lr: 1}",
                "sft: {epochs: 0}",
                "sft: {epochs: 1.5}",
                "sft: {learning_rate: 0}",
                "sft: {weight_decay: 1}",
                "align: {gaps: [tiny]}",
                "align: {enabled: 1}",
                "curate: {critic: {endpoint: {concurrency: 0}}}",
                "curate: {critic: {endpoint: {modle: m}}}",
                "evaluate: {endpoints: {a: {retries: -1}}}"
            })
    void what_the_reader_refuses_the_schema_refuses(String yaml) {
        assertThat(SCHEMA.validate(yaml, InputFormat.YAML)).isNotEmpty();
    }

    @Test
    void the_reference_and_a_resolved_recipe_are_valid() {
        assertThat(SCHEMA.validate(RecipeReader.reference(), InputFormat.YAML)).isEmpty();
        assertThat(SCHEMA.validate(RecipeReader.toYaml(RecipeReader.defaults(List.of())), InputFormat.YAML))
                .isEmpty();
        assertThat(SCHEMA.validate("align: {divergence: reverse-kl}\nsft:\n  # nothing\n", InputFormat.YAML))
                .isEmpty();
    }
}
