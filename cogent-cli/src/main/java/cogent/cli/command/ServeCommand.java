package cogent.cli.command;

import cogent.cli.hub.ModelName;
import cogent.cli.option.DeviceOptions;
import cogent.cli.option.SamplingOptions;
import cogent.cli.option.TemplateOption;
import cogent.cli.terminal.Signals;
import cogent.llm.ChatModel;
import cogent.llm.openai.ApiKey;
import cogent.local.LocalChatModel;
import cogent.model.tensor.LibTorch;
import cogent.playground.MechanicalChat;
import cogent.playground.PlaygroundChat;
import cogent.serve.ChatServer;
import cogent.serve.ServedModel;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code cogent serve}: a model behind an OpenAI-compatible address. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "puts a model behind an OpenAI-compatible address on this machine",
            "/v1/chat/completions and /v1/completions (whole or streamed), /v1/models, /health and /metrics; docs/serve.md tells"
                    + " which fields it heeds. The sampling options are what a request gets that does not state its own.",
            "MODEL may also be playground-rules or mechanical-editing for the built-in rule-based ones"
        })
public final class ServeCommand implements Callable<Integer> {
    private static final String KEY_VARIABLE = "COGENT_API_KEY";

    /** For the answers under way when the command is stopped. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = ModelName.WHAT)
    private String model;

    @Option(
            names = "--port",
            converter = Port.class,
            defaultValue = "8000",
            description = "0 for any free one (default: 8000)")
    private int port;

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description = "this machine only by default; there is no TLS, so think before you open it")
    private String host;

    @Option(
            names = "--allow-host",
            paramLabel = "NAME",
            description = "another name that requests may call this server by, such as a proxy's; repeatable")
    private Set<String> allowedHosts = Set.of();

    @Option(
            names = "--api-key",
            paramLabel = "KEY",
            description = {
                "what every request but /health must bring; better in the environment variable " + KEY_VARIABLE + ",",
                "since others on this machine can read the command"
            })
    private @Nullable String key;

    @Option(names = "--batch", defaultValue = "32", description = "replies generated at the same time (default: 32)")
    private int batch;

    @Mixin
    private SamplingOptions options;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private TemplateOption template;

    @Override
    public Integer call() throws InterruptedException {
        return switch (model) {
            case PlaygroundChat.NAME -> serve(ofRules(new PlaygroundChat()));
            case MechanicalChat.NAME -> serve(ofRules(new MechanicalChat()));
            default -> serve(new ModelName(model));
        };
    }

    private ServedModel ofRules(ChatModel chat) {
        template.requireNone(model);
        return ServedModel.of(model, chat);
    }

    private int serve(ModelName named) throws InterruptedException {
        Path directory = named.directory(spec);
        LibTorch.threads(Runtime.getRuntime().availableProcessors());
        var settings = LocalChatModel.Settings.DEFAULT
                .withSlots(batch)
                .withMaxNewTokens(options.maxNewTokens)
                .withSampling(options.sampling())
                .withSeed(options.seed)
                .withTemplate(template.variables(directory));
        try (LocalChatModel chat = device.loadChat(named.shortName(), directory, settings)) {
            return serve(ServedModel.of(chat.name(), chat));
        }
    }

    private int serve(ServedModel served) throws InterruptedException {
        var settings = new ChatServer.Settings(new InetSocketAddress(host, port), allowedHosts, key());
        var end = new CountDownLatch(1);
        try (ChatServer server = ChatServer.start(served, settings)) {
            Signals.handled(System.err::println).whenAsked(end::countDown);
            PrintWriter out = spec.commandLine().getOut();
            out.printf("%s answers at %s (Ctrl-C ends)%n", served.name(), server.base());
            if (!settings.key().isSet() && !settings.address().getAddress().isLoopbackAddress()) {
                out.printf("Whoever reaches it may use it: set %s to a key.%n", KEY_VARIABLE);
            }
            out.flush();
            end.await();
            server.drain(GRACE);
            return Signals.exitCode();
        }
    }

    private ApiKey key() {
        if (key != null) {
            return ApiKey.of("--api-key", key);
        }
        return System.getenv(KEY_VARIABLE) == null ? ApiKey.NONE : ApiKey.fromEnvironment(KEY_VARIABLE);
    }

    /** Reads a port; 0 stands for any free one. */
    static final class Port implements ITypeConverter<Integer> {
        private static final int LAST = 65_535;

        @Override
        public Integer convert(String given) {
            if (!given.matches("\\d{1,5}") || Integer.parseInt(given) > LAST) {
                throw new TypeConversionException("a port is a number from 0 to " + LAST + ", not " + given);
            }
            return Integer.valueOf(given);
        }
    }
}
