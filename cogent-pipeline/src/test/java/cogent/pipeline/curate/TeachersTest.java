package cogent.pipeline.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TeachersTest {
    @TempDir
    private Path folder;

    private Recipe recipe(String text) throws IOException {
        return RecipeReader.read(Files.writeString(folder.resolve("r.yaml"), text), List.of());
    }

    @Test
    void streams_are_asked_for_where_the_recipe_says_so() throws IOException {
        String teacher = "teacher: {url: 'http://127.0.0.1:9/v1', model: m%s}\n";
        assertThat(Teachers.endpoint(recipe(teacher.formatted("")).teacher()).stream())
                .isFalse();
        assertThat(Teachers.endpoint(recipe(teacher.formatted(", stream: true")).teacher()).stream())
                .isTrue();
    }

    @Test
    void what_every_agent_lacks_is_named_not_the_teacher_s_alone() throws IOException {
        assertThat(Teachers.missing(recipe("""
                        teacher: {url: playground}
                        curate:
                          critic: {endpoint: {url: 'http://127.0.0.1:9/v1', model: m, key_env: COGENT_NO_SUCH_KEY}}
                          verifier: {second_judge: {url: 'http://127.0.0.1:9/v1'}}
                        """)))
                .hasSize(2)
                .anyMatch(missing -> missing.contains("COGENT_NO_SUCH_KEY"))
                .anyMatch(missing -> missing.contains("model is not set"));
        assertThat(Teachers.missing(recipe("teacher: {url: playground}\n"))).isEmpty();
    }

    @Test
    void a_bound_in_the_extra_body_takes_the_place_of_max_tokens() throws IOException {
        var sampling = Teachers.endpoint(recipe(
                                "teacher: {url: 'http://127.0.0.1:9/v1', model: m, extra_body: {max_completion_tokens: 77}}\n")
                        .teacher())
                .sampling();
        assertThat(sampling.completionBound()).hasValue(77);
        assertThat(sampling.maxTokens()).isNull();
    }

    @Test
    void azure_s_version_is_no_secret_and_any_other_query_may_be_one() throws IOException {
        String teacher = "teacher: {url: 'http://127.0.0.1:9/d?api-version=2024-10-21%s', model: m}\n";
        Teachers.requireNoSecrets(recipe(teacher.formatted("")));
        Recipe secret = recipe(teacher.formatted("&key=x"));
        assertThatThrownBy(() -> Teachers.requireNoSecrets(secret)).hasMessageContaining("teacher.url");
    }
}
