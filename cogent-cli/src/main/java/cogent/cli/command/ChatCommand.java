package cogent.cli.command;

import cogent.cli.hub.ModelName;
import cogent.cli.option.DeviceOptions;
import cogent.cli.option.SamplingOptions;
import cogent.cli.option.StopOption;
import cogent.cli.option.TemplateOption;
import cogent.data.InputException;
import cogent.model.decoder.LanguageModel;
import cogent.model.generate.Generation;
import cogent.model.generate.Generator;
import cogent.model.generate.Sampler;
import cogent.model.tensor.LibTorch;
import cogent.model.text.ChatFormat;
import cogent.model.text.ReplyStream;
import cogent.model.text.Tokenizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cogent chat}: a conversation with a model in the terminal. */
@Command(
        name = "chat",
        mixinStandardHelpOptions = true,
        description = {
            "talks to a model: a line is a message, the reply streams; an empty line or Ctrl-D ends",
            "Each line is asked by itself unless --history keeps the conversation."
        })
public final class ChatCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = ModelName.WHAT)
    private ModelName named;

    @Mixin
    private SamplingOptions options;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private StopOption stop;

    @Mixin
    private TemplateOption template;

    @Option(names = "--history", description = "later messages see the earlier ones")
    private boolean history;

    @Override
    public void run() {
        Sampler sampling = options.sampling();
        Path directory = named.directory(spec);
        LibTorch.threads(Runtime.getRuntime().availableProcessors());
        try (LanguageModel model = device.load(directory);
                Tokenizer tokenizer = Tokenizer.load(directory);
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            model.requireFits(tokenizer);
            ChatFormat format =
                    ChatFormat.of(tokenizer, LocalDate.now(ZoneId.systemDefault()), template.variables(directory));
            Generator generator = new Generator(model.decoder(), 1);
            List<Map<String, String>> messages = new ArrayList<>();
            for (String line = ask(in); line != null && !line.isBlank(); line = ask(in)) {
                if (!history) {
                    messages.clear();
                }
                messages.add(Map.of("role", "user", "content", line));
                try {
                    String reply = reply(generator, format, tokenizer, messages, sampling);
                    messages.add(Map.of("role", "assistant", "content", reply));
                } catch (InputException e) { // too long, or not for this template: the next message may do
                    spec.commandLine().getErr().println(e.getMessage());
                    if (messages.size() > 1) {
                        spec.commandLine().getErr().println("The conversation begins anew: ask that again.");
                    }
                    messages.clear();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("standard input cannot be read", e);
        }
    }

    private String ask(BufferedReader in) throws IOException {
        spec.commandLine().getErr().print("> ");
        spec.commandLine().getErr().flush();
        return in.readLine();
    }

    private String reply(
            Generator generator,
            ChatFormat format,
            Tokenizer tokenizer,
            List<Map<String, String>> messages,
            Sampler sampling) {
        PrintWriter out = spec.commandLine().getOut();
        ReplyStream stream = new ReplyStream(tokenizer, stop.texts());
        StringBuilder reply = new StringBuilder();
        Generation request = new Generation(
                format.promptIds(messages), options.maxNewTokens, sampling, format.stopIds(), options.seed);
        generator.generate(
                List.of(request).iterator(),
                new Generation.Listener() {
                    @Override
                    public boolean token(int index, int id) {
                        show(stream.push(id));
                        return !stream.stopped();
                    }

                    private void show(String piece) {
                        reply.append(piece);
                        out.print(piece);
                        out.flush();
                    }

                    @Override
                    public void finished(int index, Generation.Completion completion) {
                        show(stream.finish());
                        out.println(
                                completion.reason() == Generation.FinishReason.LENGTH
                                        ? " … (cut off: --max-new-tokens)"
                                        : "");
                    }
                },
                () -> false);
        return reply.toString();
    }
}
