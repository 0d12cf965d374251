package cogent.pipeline.recipe;

import static cogent.data.InputException.require;

import cogent.pipeline.keys.Key;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The small model. */
public record StudentConfig(
        @Key(
                doc = "a model of the hub by its name, a Hugging Face directory, or a GGUF file",
                def = "null",
                operational = true,
                path = true,
                aka = {"model_name_or_path", "base_model", "path"})
        @Nullable
        String model,

        @Key(
                doc = "cpu, cuda or cuda:N; a GPU takes a build with ./mvnw -Pcuda (docs/decisions/devices.md)",
                def = "cpu")
        String device,

        @Key(
                doc =
                        "what evaluation and measuring compute in: fp32, or bf16 in half the memory, decoding"
                                + " faster on a CPU (with a copy of the weights); tf32 = fp32 with faster products on a GPU; what training computes in stands in sft and align",
                def = "fp32",
                aka = "torch_dtype")
        Precision dtype,

        @Key(
                doc =
                        "the same bits every time, so that a run that was cut off ends as one that was not: of training on a GPU,"
                                + " slower (docs/performance.md; a CPU does always), and of replies, which are rounded by what is written"
                                + " beside them: in groups of 8 times batch_size, one that was cut off is written again whole"
                                + " (docs/decisions/devices.md)",
                def = "false",
                operational = true,
                aka = {"full_determinism", "use_deterministic_algorithms"})
        boolean deterministic,

        @Key(
                doc =
                        "variables of its chat template, such as {enable_thinking: true} of Qwen3.5: for training, measuring and"
                                + " evaluation, and what the trained model's template then does by itself",
                def = "{}",
                aka = {"enable_thinking", "template_kwargs"})
        Map<String, JsonNode> chatTemplateKwargs) {
    public StudentConfig {
        require(device.matches("cpu|cuda(:\\d{1,3})?"), "device is cpu, cuda or cuda:N");
        require(
                dtype != Precision.TF32 || !device.equals("cpu"),
                "dtype: tf32 is for a GPU; a cpu computes fp32 as fast");
    }
}
