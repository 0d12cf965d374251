package cogent.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code cogent inspect}: looking under the bonnet, JSON Lines in and out. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = {
            "looks under the bonnet: log-probs, generation, tokens, templates, models",
            "Reads JSON Lines and writes one JSON object for each input line to stdout, in order, and nothing else."
        },
        subcommands = {
            InspectLogps.class,
            InspectGenerate.class,
            InspectTokens.class,
            InspectTemplate.class,
            InspectModel.class,
            InspectObjective.class
        })
public final class InspectCommand {
    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "what is written anyway; taken so that every command takes it")
    @SuppressWarnings("UnusedVariable") // picocli sets it: the flag changes nothing, and is no mistake
    private boolean json;
}
