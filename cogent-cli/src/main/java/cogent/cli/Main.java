package cogent.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import cogent.cli.command.ChatCommand;
import cogent.cli.command.CompareCommand;
import cogent.cli.command.CurateCommand;
import cogent.cli.command.DoctorCommand;
import cogent.cli.command.EvaluateCommand;
import cogent.cli.command.ExportCommand;
import cogent.cli.command.GradeCommand;
import cogent.cli.command.InitCommand;
import cogent.cli.command.PlanCommand;
import cogent.cli.command.RecipeCommand;
import cogent.cli.command.ReportCommand;
import cogent.cli.command.RunCommand;
import cogent.cli.command.RunsCommand;
import cogent.cli.command.ServeCommand;
import cogent.cli.command.ShowCommand;
import cogent.cli.command.StudioCommand;
import cogent.cli.command.StudyCommand;
import cogent.cli.hub.ImportCommand;
import cogent.cli.hub.ModelName;
import cogent.cli.hub.PullCommand;
import cogent.cli.hub.PushCommand;
import cogent.cli.inspect.InspectCommand;
import cogent.cli.terminal.TerminalSize;
import cogent.cli.terminal.TerminalWriter;
import cogent.cli.terminal.VersionText;
import cogent.data.InputException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code cogent}: the command line. */
@Command(
        name = "cogent",
        versionProvider = VersionText.class,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Chains of thought that a small model can learn from: critique, rethink and verify the rationales"
                    + " of a strong model, fine-tune a small one on them, align it with CogPO."
        },
        footerHeading = "%n",
        footer = {
            "First minutes:  cogent run recipes/quickstart.yaml      (offline, about four minutes)",
            "Your own data:  docs/your-own-model.md",
            "Exit codes:     0 done, 2 something you gave is wrong, 1 a failure, 130 stopped with Ctrl-C, 143 by SIGTERM"
        })
public final class Main {
    private static final int WIDTH = 100;
    private static final int NARROWEST = 55; // picocli's

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "show stack traces of failures")
    private boolean debug;

    private Main() {}

    /** Runs one command and exits. */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, UTF_8);
        EnvironmentProxies.install(System.getenv(), err);
        System.exit(Telemetry.isAsked(System.getenv()) ? followed(args, out, err) : run(args, out, err));
    }

    /** Runs one command, of which OpenTelemetry tells a collector. */
    private static int followed(String[] args, PrintWriter out, PrintWriter err) {
        try (Telemetry _ = Telemetry.start(System.getenv())) {
            return run(args, out, err);
        } catch (InputException wrong) {
            return new Failures(err, () -> false).told(wrong);
        }
    }

    /** Runs one command; gives its exit code. */
    static int run(String[] args, PrintWriter terminal, PrintWriter errors) {
        Locale.setDefault(Locale.ROOT); // numbers read the same everywhere, in docs, reports and other people's scripts
        Main main = new Main();
        CommandLine commands = commands(main);
        PrintWriter out = new TerminalWriter(terminal);
        PrintWriter err = new TerminalWriter(errors);
        Failures failures = new Failures(err, () -> main.debug);
        try {
            return commands.setOut(terminal)
                    .setErr(errors)
                    .setExecutionStrategy(parsed -> {
                        if (explains(parsed)) {
                            commands.setUsageHelpWidth(TerminalSize.columns(NARROWEST, WIDTH));
                        }
                        Integer help = CommandLine.executeHelpRequest(parsed); // its bold type is our own
                        commands.setOut(out).setErr(err);
                        return help == null ? new CommandLine.RunLast().execute(parsed) : help;
                    })
                    .setExecutionExceptionHandler((e, command, parsed) -> failures.told(e))
                    .setParameterExceptionHandler((e, given) -> failures.told(e))
                    .execute(explained(commands, args));
        } catch (Error e) {
            return failures.told(e); // picocli hands on exceptions only
        }
    }

    private static boolean explains(CommandLine.ParseResult parsed) {
        return parsed.asCommandLineList().stream()
                .anyMatch(
                        asked -> asked.isUsageHelpRequested() || asked.getCommand() instanceof CommandLine.HelpCommand);
    }

    /** {@code help inspect batch} is {@code inspect batch --help}: picocli's own help goes one command deep. */
    private static String[] explained(CommandLine commands, String[] args) {
        if (args.length == 0) {
            return new String[] {"--help"};
        }
        if (args.length == 1 || !args[0].equals("help") || Stream.of(args).anyMatch(word -> word.startsWith("-"))) {
            return args;
        }
        String[] words = Arrays.copyOfRange(args, 1, args.length);
        @Nullable CommandLine command = commands;
        for (String word : words) {
            command = command == null ? null : command.getSubcommands().get(word);
        }
        // an unknown command is told as such
        return command == null
                ? words
                : Stream.concat(Stream.of(words), Stream.of("--help")).toArray(String[]::new);
    }

    /** All commands, for whoever wants to look at them. */
    static CommandLine commands() {
        return commands(new Main());
    }

    private static CommandLine commands(Main main) {
        CommandLine commands = new CommandLine(main);
        // in the order of the work
        stages(commands, "run", List.of(), "runs every stage of a recipe that is not done yet");
        commands.addSubcommand(new PlanCommand());
        commands.addSubcommand(new CurateCommand());
        stages(commands, "sft", List.of("playground", "sft"), "fine-tunes the student on sft.jsonl");
        stages(
                commands,
                "align",
                List.of("playground", "on-policy", "reward", "align"),
                "aligns the fine-tuned student on preferences.jsonl (CogPO)");
        commands.addSubcommand(new EvaluateCommand());
        List.of(
                        new StudyCommand(),
                        new ReportCommand(),
                        new StudioCommand(),
                        new ShowCommand(),
                        new RunsCommand(),
                        new CompareCommand(),
                        new ChatCommand(),
                        new ServeCommand(),
                        new PullCommand(),
                        new ImportCommand(),
                        new PushCommand(),
                        new GradeCommand(),
                        new ExportCommand(),
                        new InitCommand(),
                        new DoctorCommand(),
                        new InspectCommand(),
                        new RecipeCommand())
                .forEach(commands::addSubcommand);
        commands.addSubcommand(new CommandLine.HelpCommand());
        commands.addSubcommand("completion", completion());
        commands.getSubcommands().values().forEach(Main::versioned);
        return commands.registerConverter(ModelName.class, ModelName::new).setCaseInsensitiveEnumValuesAllowed(true);
    }

    private static void stages(CommandLine commands, String name, List<String> stages, String description) {
        CommandLine command = new CommandLine(new RunCommand(stages));
        command.getCommandSpec().usageMessage().description(description);
        commands.addSubcommand(name, command);
    }

    /** A script that completes commands and options in bash and zsh. */
    private static CommandLine completion() {
        CommandLine completion = new CommandLine(new AutoComplete.GenerateCompletion());
        completion
                .getCommandSpec()
                .usageMessage()
                .description("prints a script that completes commands and options: source <(cogent completion)");
        return completion;
    }

    /** Every command answers {@code --version}: picocli hands it down to none. */
    private static void versioned(CommandLine command) {
        command.getCommandSpec().versionProvider(new VersionText());
        command.getSubcommands().values().forEach(Main::versioned);
    }
}
