package cogent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import cogent.pipeline.recipe.RecipeReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
