package cogent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import cogent.model.decoder.LanguageModel;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import cogent.playground.PlaygroundStudent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class StudentsTest {
    @TempDir
    private Path student;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Qwen3MoeForCausalLM|sft.lora.rank=8|no adapter lies on experts",
                "Qwen3MoeForCausalLM|align.lora.rank=8|no adapter lies on experts",
                "Qwen2ForCausalLM|sft.lora.rank=8,sft.lora.targets=[in_proj_qkv]|no layer of this model has linear attention"
            })
    void an_adapter_that_the_student_has_no_layers_for_is_refused_before_anything_is_spent(
            String architecture, String settings, String message) throws IOException {
        assertThatThrownBy(() -> requireKnown(architecture, settings))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Qwen3MoeForCausalLM|sft.lora.rank=0",
                "Qwen3MoeForCausalLM|sft.lora.rank=8,sft.lora.targets=[q_proj]",
                "Qwen3_5ForCausalLM|sft.lora.rank=8,sft.lora.targets=[in_proj_qkv]",
                "Qwen2ForCausalLM|align.lora.rank=8"
            })
    void one_that_it_has_layers_for_is_not(String architecture, String settings) {
        assertThatCode(() -> requireKnown(architecture, settings)).doesNotThrowAnyException();
    }

    @Test
    void weights_that_are_missing_and_the_tokenizer_of_another_model_are_told() throws IOException {
        Recipe recipe = RecipeReader.defaults(List.of("student.model=" + student));
        PlaygroundStudent.write(student);
        assertThatThrownBy(() -> Students.requireWhole(recipe)).hasMessageContaining("no weights in " + student);

        ObjectNode config = (ObjectNode)
                ModelConfig.read(student.resolve("config.json")).source().deepCopy();
        Path small = student.resolve("small");
        try (LanguageModel model = LanguageModel.create(ModelConfig.of(config.put("vocab_size", 5)), 1)) {
            model.save(small, DType.F32, null);
        }
        Files.copy(small.resolve("model.safetensors"), student.resolve("model.safetensors"));
        assertThatThrownBy(() -> Students.requireWhole(recipe)).hasMessageContaining("config.json asks for");
        Files.copy(small.resolve("config.json"), student.resolve("config.json"), StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> Students.requireWhole(recipe)).hasMessageContaining("they do not belong together");
    }

    private void requireKnown(String architecture, String settings) throws IOException {
        Files.writeString(student.resolve("config.json"), """
                {"architectures": ["%s"], "hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 4,
                 "num_attention_heads": 4, "vocab_size": 23}
                """.formatted(architecture));
        Files.writeString(student.resolve("tokenizer.json"), "{}");
        List<String> sets = new ArrayList<>(List.of("student.model=" + student));
        sets.addAll(List.of(settings.split(",(?=sft|align)")));
        Students.requireKnown(RecipeReader.defaults(sets));
    }
}
