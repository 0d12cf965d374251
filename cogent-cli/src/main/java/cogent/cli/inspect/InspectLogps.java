package cogent.cli.inspect;

import cogent.cli.command.JsonRows;
import cogent.cli.option.DeviceOptions;
import cogent.data.InputException;
import cogent.model.decoder.LanguageModel;
import cogent.model.text.Tokenizer;
import cogent.train.forward.Scoring;
import cogent.train.rows.Example;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/** {@code cogent inspect logps}: how probable a model finds a completion. */
@Command(
        name = "logps",
        mixinStandardHelpOptions = true,
        description = {
            "{\"prompt\", \"completion\"} or {\"prompt_ids\", \"completion_ids\"} → {\"logp\": sum, \"token_logps\": […], \"tokens\": n}",
            "of the completion, in nats. Texts are taken as they are, without chat template; the prompt gets the special"
                    + " tokens that the tokenizer itself adds (such as a Llama's <s>)."
        })
final class InspectLogps implements Runnable {
    private static final int BATCH = 32;
    private static final int TOKENS_AT_ONCE = 8192;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelAndRows asked;

    @Mixin
    private DeviceOptions device;

    @Override
    public void run() {
        Path directory = asked.model();
        try (LanguageModel model = device.load(directory);
                PromptRows prompts = new PromptRows(directory, model)) {
            JsonRows.batches(asked.rows(), BATCH, spec.commandLine().getOut(), rows -> answer(model, prompts, rows));
        }
    }

    private static List<ObjectNode> answer(LanguageModel model, PromptRows prompts, List<ObjectNode> rows) {
        List<Example> examples = new ArrayList<>();
        for (ObjectNode row : rows) {
            int[] prompt = prompts.ids(row, "prompt", Tokenizer::encodeWithSpecialTokens);
            int[] completion = prompts.ids(row, "completion", Tokenizer::encode);
            if (prompt.length == 0) {
                throw new InputException("the prompt is empty: the first token of a completion needs one before it");
            }
            examples.add(new Example("", prompt, completion));
        }
        List<float[]> logps = Scoring.tokenLogps(model, examples, TOKENS_AT_ONCE);
        return logps.stream().map(InspectLogps::answer).toList();
    }

    private static ObjectNode answer(float[] logps) {
        double sum = 0;
        for (float logp : logps) {
            sum += logp;
        }
        ObjectNode answer = JsonRows.JSON.createObjectNode().put("logp", sum);
        answer.set("token_logps", JsonRows.JSON.valueToTree(logps));
        return answer.put("tokens", logps.length);
    }
}
