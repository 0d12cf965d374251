package cogent.cli.command;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code cogent curate}: the curation alone, and what else can be done with its agents. */
@Command(
        name = "curate",
        mixinStandardHelpOptions = true,
        description = "critiques, rethinks and verifies the corpus; makes sft.jsonl and preferences.jsonl")
public final class CurateCommand implements Callable<Integer> {
    private static final List<String> STAGES = List.of("playground", "curate");

    @Spec
    private CommandSpec spec;

    @Mixin
    private RecipeArguments arguments;

    @Override
    public Integer call() {
        return RunCommand.run(spec, arguments, STAGES);
    }
}
