package cogent.cli.hub;

import cogent.cli.terminal.ProgressLine;
import cogent.data.InputException;
import cogent.model.hub.Hub;
import cogent.model.hub.HubRepo;
import cogent.model.hub.HubSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cogent pull}: models of the hub into the cache that Python tools share. */
@Command(
        name = "pull",
        mixinStandardHelpOptions = true,
        description = {
            "brings models from the Hugging Face hub into the cache that Python tools share; what is there stays.",
            "HF_HOME and HF_HUB_CACHE say where that is, HF_ENDPOINT names another hub, HF_TOKEN opens gated models."
        })
public final class PullCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "NAME",
            arity = "1..*",
            description = "such as Qwen/Qwen2.5-0.5B-Instruct, or org/name@REVISION")
    private List<String> names;

    @Override
    public Integer call() {
        HubSettings settings = HubSettings.ofEnvironment();
        for (String name : names) {
            HubRepo repo = HubRepo.model(name)
                    .orElseThrow(() ->
                            new InputException("\"" + name + "\" is no name of a model on the hub: OWNER/NAME is one"));
            ProgressLine line = ProgressLine.on(spec.commandLine().getErr());
            Path directory = new Hub(settings)
                    .pull(
                            repo,
                            (file, done, total) ->
                                    line.update("pull", done >> 20, Math.max(0, total) >> 20, "MiB", file, List.of()));
            spec.commandLine().getOut().println(directory);
            spec.commandLine().getOut().flush();
        }
        return 0;
    }
}
