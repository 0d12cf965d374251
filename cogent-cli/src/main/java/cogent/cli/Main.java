package cogent.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import cogent.cli.command.ChatCommand;
import cogent.cli.command.DoctorCommand;
import cogent.cli.command.ExportCommand;
import cogent.cli.command.GradeCommand;
import cogent.cli.command.InitCommand;
import cogent.cli.command.InspectCommand;
import cogent.cli.command.PlanCommand;
import cogent.cli.command.RecipeCommand;
import cogent.cli.command.RunCommand;
import cogent.cli.command.ServeCommand;
import cogent.cli.run.Version;
import cogent.data.InputException;
import cogent.llm.ChatException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code cogent}: the command line. */
@Command(
        name = "cogent",
        version = "Cogent " + Version.NUMBER,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Chains of thought that a small model can learn from: critique, rethink and verify",
            "the rationales of a strong model, fine-tune a small one on them, align it with CogPO."
        },
        footerHeading = "%n",
        footer = {
            "First minute:   cogent run recipes/quickstart.yaml      (offline, about ten minutes)",
            "Your own data:  docs/your-own-model.md",
            "Exit codes:     0 done, 2 something you gave is wrong, 1 a failure, 130 stopped with Ctrl-C"
        },
        subcommands = {
            PlanCommand.class,
            InitCommand.class,
            ChatCommand.class,
            ServeCommand.class,
            GradeCommand.class,
            ExportCommand.class,
            DoctorCommand.class,
            InspectCommand.class,
            RecipeCommand.class
        })
public final class Main {
    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "show stack traces of failures")
    private boolean debug;

    private Main() {}

    /** Runs one command and exits. */
    public static void main(String[] args) {
        System.exit(run(args, new PrintWriter(System.out, true, UTF_8), new PrintWriter(System.err, true, UTF_8)));
    }

    /** Runs one command; gives its exit code. */
    static int run(String[] args, PrintWriter out, PrintWriter err) {
        Main main = new Main();
        CommandLine commands = new CommandLine(main);
        stage(commands, "run", List.of(), "runs every stage of a recipe that is not done yet");
        stage(
                commands,
                "curate",
                List.of("playground", "curate"),
                "critiques, rethinks and verifies the corpus; makes sft.jsonl and preferences.jsonl");
        stage(commands, "sft", List.of("playground", "sft"), "fine-tunes the student on sft.jsonl");
        stage(
                commands,
                "align",
                List.of("playground", "align"),
                "aligns the fine-tuned student on preferences.jsonl (CogPO)");
        stage(
                commands,
                "evaluate",
                List.of("playground", "evaluate"),
                "measures the models of the run on its benchmarks");
        return commands.setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, command, parsed) -> main.failed(e, err))
                .setUsageHelpAutoWidth(true)
                .execute(args);
    }

    private static void stage(CommandLine commands, String name, List<String> stages, String description) {
        CommandLine command = new CommandLine(new RunCommand(stages));
        command.getCommandSpec().usageMessage().description(description);
        commands.addSubcommand(name, command);
    }

    private int failed(Exception e, PrintWriter err) {
        if (debug) {
            e.printStackTrace(err);
        }
        return switch (e) {
            case InputException wrong -> say(err, wrong.getMessage(), 2);
            case ChatException chat when chat.kind() == ChatException.Kind.FATAL -> say(err, chat.getMessage(), 2);
            case ChatException chat -> say(err, chat.getMessage(), 1);
            case UncheckedIOException io -> say(err, io.getMessage(), 1);
            default ->
                say(
                        err,
                        "failed: " + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage())
                                + (debug ? "" : "\n(--debug shows where)"),
                        1);
        };
    }

    private static int say(PrintWriter err, @Nullable String message, int code) {
        err.println(message);
        return code;
    }
}
