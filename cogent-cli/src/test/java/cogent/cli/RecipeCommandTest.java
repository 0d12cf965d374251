package cogent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RecipeCommandTest {
    @Test
    void every_recipe_but_the_studies_comes_along_word_for_word() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("../recipes"))) {
            List<Path> recipes = files.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.getFileName().toString().startsWith("study-"))
                    .toList();
            assertThat(recipes).hasSizeGreaterThan(2);
            for (Path recipe : recipes) {
                String name = recipe.getFileName().toString().replace(".yaml", "");
                assertThat(Cogent.run("recipe", name).out()).isEqualTo(Files.readString(recipe));
            }
        }
    }

    @Test
    void a_name_that_is_none_is_told_with_those_that_are() {
        Cogent.Ran ran = Cogent.run("recipe", "../quickstart");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("\"../quickstart\"", "quickstart, smollm2");
    }
}
