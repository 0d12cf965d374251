package cogent.cli.inspect;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code cogent inspect}: looking under the bonnet, JSON Lines in and out. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = {
            "looks under the bonnet: log-probs, generation, tokens, templates, models",
            "Reads JSON Lines and writes one JSON object for each input line to stdout, in order, and nothing else.",
            "Only batch, which is for people, does so with --json alone."
        },
        subcommands = {
            InspectLogps.class,
            InspectGenerate.class,
            InspectTokens.class,
            InspectTemplate.class,
            InspectModel.class,
            InspectObjective.class,
            InspectBatch.class
        })
public final class InspectCommand {
    @SuppressWarnings("UnusedVariable") // for the subcommands, which inherit it
    @Option(names = "--json", scope = ScopeType.INHERIT, description = "what is written anyway, except by batch")
    private boolean json;
}
