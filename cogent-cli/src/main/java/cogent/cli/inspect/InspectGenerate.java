package cogent.cli.inspect;

import cogent.cli.command.JsonRows;
import cogent.cli.inspect.PromptRows.Reply;
import cogent.cli.option.DeviceOptions;
import cogent.cli.option.SamplingOptions;
import cogent.cli.option.StopOption;
import cogent.data.InputException;
import cogent.model.decoder.LanguageModel;
import cogent.model.generate.Generation;
import cogent.model.generate.Generator;
import cogent.model.generate.Sampler;
import cogent.model.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/** {@code cogent inspect generate}: what a model writes after a prompt. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        description = {
            "{\"prompt\"} or {\"prompt_ids\"} → {\"ids\", \"text\", \"finish_reason\": \"stop\"|\"length\"}",
            "Prompts are taken as they are, without chat template; row i draws with seed + i."
        })
final class InspectGenerate implements Runnable {
    private static final int BATCH = 32;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelAndRows asked;

    @Mixin
    private SamplingOptions options;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private StopOption stop;

    @Option(names = "--ignore-eos", description = "goes on after a stop token")
    private boolean ignoreEos;

    private long row;

    @Override
    public void run() {
        Sampler sampling = options.sampling();
        Path directory = asked.model();
        try (LanguageModel model = device.load(directory);
                PromptRows prompts = new PromptRows(directory, model)) {
            Set<Integer> stops = ignoreEos ? Set.of() : prompts.stopIds();
            Generator generator = new Generator(model.decoder(), BATCH);
            JsonRows.batches(
                    asked.rows(),
                    BATCH,
                    spec.commandLine().getOut(),
                    rows -> answer(generator, prompts, sampling, stops, rows));
        }
    }

    private List<ObjectNode> answer(
            Generator generator, PromptRows prompts, Sampler sampling, Set<Integer> stops, List<ObjectNode> rows) {
        List<Generation> requests = new ArrayList<>();
        for (ObjectNode asked : rows) {
            int[] prompt = prompts.ids(asked, "prompt", Tokenizer::encodeWithSpecialTokens);
            if (prompt.length == 0) {
                throw new InputException("the prompt is empty");
            }
            requests.add(new Generation(
                    prompt, options.maxNewTokens, sampling, stops, options.seed + row + requests.size()));
        }
        ObjectNode[] answers = new ObjectNode[rows.size()];
        List<Reply> replies =
                requests.stream().map(_ -> prompts.reply(stop.texts())).toList();
        generator.generate(
                requests.iterator(),
                new Generation.Listener() {
                    @Override
                    public boolean token(int request, int id) {
                        return replies.get(request).push(id);
                    }

                    @Override
                    public void finished(int request, Generation.Completion completion) {
                        ObjectNode answer = JsonRows.JSON.createObjectNode();
                        answer.set("ids", JsonRows.JSON.valueToTree(completion.ids()));
                        answers[request] = answer.put(
                                        "text", replies.get(request).text())
                                .put("finish_reason", completion.reason().name().toLowerCase(Locale.ROOT));
                    }
                },
                () -> false);
        row += rows.size();
        return List.of(answers);
    }
}
