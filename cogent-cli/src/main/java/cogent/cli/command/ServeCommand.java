package cogent.cli.command;

import cogent.cli.terminal.Signals;
import cogent.llm.StreamingChatModel;
import cogent.local.LocalChatModel;
import cogent.model.tensor.LibTorch;
import cogent.playground.MechanicalChat;
import cogent.playground.PlaygroundChat;
import cogent.serve.ChatServer;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cogent serve}: a model behind an OpenAI-compatible address. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "puts a model behind /v1/chat/completions (whole or streamed) and /v1/models on this machine;",
            "the sampling options are what a request gets that does not state its own.",
            "MODEL is a Hugging Face directory, or playground-rules or mechanical-editing for the built-in rule-based ones"
        })
public final class ServeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "a Hugging Face directory")
    private String model;

    @Option(names = "--port", defaultValue = "8000", description = "0 for any free one (default: 8000)")
    private int port;

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description = "this machine only by default; there is no key and no TLS, so think before you open it")
    private String host;

    @Option(names = "--batch", defaultValue = "32", description = "replies generated at the same time (default: 32)")
    private int batch;

    @Mixin
    private SamplingOptions options;

    @Mixin
    private DeviceOptions device;

    @Override
    public Integer call() throws InterruptedException {
        return switch (model) {
            case PlaygroundChat.NAME -> serve(model, StreamingChatModel.of(new PlaygroundChat()));
            case MechanicalChat.NAME -> serve(model, StreamingChatModel.of(new MechanicalChat()));
            default -> serveDirectory(Path.of(model));
        };
    }

    private int serveDirectory(Path directory) throws InterruptedException {
        LibTorch.threads(Runtime.getRuntime().availableProcessors());
        var settings = LocalChatModel.Settings.DEFAULT
                .withSlots(batch)
                .withMaxNewTokens(options.maxNewTokens)
                .withSampling(options.sampling())
                .withSeed(options.seed);
        try (LocalChatModel chat = device.loadChat(directory, settings)) {
            return serve(chat.name(), chat);
        }
    }

    private int serve(String name, StreamingChatModel chat) throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(end::countDown));
        try (ChatServer server = ChatServer.start(name, chat, new InetSocketAddress(host, port))) {
            spec.commandLine().getOut().printf("%s answers at %s (Ctrl-C ends)%n", name, server.base());
            spec.commandLine().getOut().flush();
            end.await();
            return Signals.EXIT_CODE;
        }
    }
}
