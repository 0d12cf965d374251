package cogent.pipeline.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.pipeline.keys.Declarations;
import cogent.pipeline.keys.RecordJson;
import cogent.pipeline.keys.ValueKind.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipeKeysTest {
    private static final Keys KEYS = Declarations.of(Recipe.class);

    @TempDir
    Path folder;

    @Test
    void every_key_has_a_meaning_and_a_default_and_stands_in_the_reference() {
        String reference = RecipeReader.reference();
        assertThat(KEYS.all()).hasSizeGreaterThan(150).allSatisfy(key -> {
            assertThat(key.part().doc()).as(key.path()).isNotBlank().doesNotEndWith(".");
            if (!(key.part().kind() instanceof Keys)) {
                assertThat(key.part().standard()).as(key.path()).isNotNull();
            }
            assertThat(reference).containsPattern("(?m)^ *" + key.part().name() + ":");
        });
        assertThat(reference.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(130));
    }

    @Test
    void the_reference_is_a_recipe_and_says_the_defaults() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.yaml"), RecipeReader.reference());
        Path empty =
                Files.writeString(Files.createDirectory(folder.resolve("b")).resolve("mine.yaml"), "");
        assertThat(RecipeReader.read(file, List.of())).isEqualTo(RecipeReader.read(empty, List.of()));
    }

    @Test
    void defaults_are_what_the_authors_have_where_they_say_it() {
        Recipe recipe = RecipeReader.defaults(List.of());
        assertThat(recipe.sft().training().epochs()).isEqualTo(3);
        assertThat(recipe.sft().training().weightDecay()).isEqualTo(0.05);
        assertThat(recipe.align().training().epochs()).isEqualTo(1);
        assertThat(recipe.align().training().learningRate()).isEqualTo(1e-6);
        assertThat(recipe.align().training().weightDecay()).isZero();
        assertThat(recipe.align().dynamicBeta()).isEqualTo(AlignConfig.DynamicBetaConfig.PAPER);
        assertThat(recipe.format().rows()).isEqualTo(cogent.data.RowFormat.THINK);
    }

    @Test
    void keys_that_only_say_how_to_compute_are_part_of_no_identity() {
        Recipe usual = RecipeReader.defaults(List.of());
        Recipe smaller = RecipeReader.defaults(List.of(
                "sft.micro_batch_tokens=512",
                "sft.layout=padded",
                "sft.recompute=2",
                "sft.log_to=[mlflow]",
                "sft.rows=other.jsonl",
                "threads=1",
                "teacher.url=http://elsewhere/v1",
                "teacher.retries=1",
                "curate.in_flight=1",
                "curate.critic.endpoint={concurrency: 2, url: 'http://b/v1'}",
                "evaluate.batch_size=1",
                "evaluate.endpoints={a: {model: m, url: 'http://c/v1', price_in: 3}}"));
        assertThat(RecordJson.identity(smaller.sft())).isEqualTo(RecordJson.identity(usual.sft()));
        assertThat(RecordJson.identity(smaller.teacher())).isEqualTo(RecordJson.identity(usual.teacher()));
        assertThat(RecordJson.identity(smaller.curate())).isEqualTo(RecordJson.identity(usual.curate()));
        assertThat(RecordJson.identity(smaller.evaluate()).toString())
                .contains("\"a\":{\"model\":\"m\"")
                .doesNotContain("http", "price", "batch_size");
        Recipe other = RecipeReader.defaults(
                List.of("sft.lora.rank=8", "curate.critic.endpoint={temperature: 1}", "teacher.model=other"));
        assertThat(RecordJson.identity(other.sft())).isNotEqualTo(RecordJson.identity(usual.sft()));
        assertThat(RecordJson.identity(other.teacher())).isNotEqualTo(RecordJson.identity(usual.teacher()));
        assertThat(RecordJson.identity(other.curate())).isNotEqualTo(RecordJson.identity(usual.curate()));
    }
}
