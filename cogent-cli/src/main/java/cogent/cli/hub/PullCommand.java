package cogent.cli.hub;

import cogent.cli.terminal.ProgressLine;
import cogent.data.InputException;
import cogent.model.hub.Hub;
import cogent.model.hub.HubFile;
import cogent.model.hub.HubProgress;
import cogent.model.hub.HubRepo;
import cogent.model.hub.HubSettings;
import cogent.model.hub.HubSplit;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
            "brings models and datasets from the Hugging Face hub into the cache that Python tools share; what is there stays.",
            "HF_HOME and HF_HUB_CACHE say where that is, HF_ENDPOINT names another hub, HF_TOKEN opens gated ones."
        })
public final class PullCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "NAME",
            arity = "1..*",
            description =
                    "such as Qwen/Qwen2.5-0.5B-Instruct, org/name@REVISION, hf://org/name/FILE.gguf, or a split of a"
                            + " dataset: hf://datasets/openai/gsm8k/main/train, or a file of it: hf://datasets/org/name/rows.jsonl")
    private List<String> names;

    @Override
    public Integer call() {
        Hub hub = new Hub(HubSettings.ofEnvironment());
        for (String name : names) {
            ProgressLine line = ProgressLine.on(spec.commandLine().getErr());
            HubProgress progress = (file, done, total) ->
                    line.update("pull", done >> 20, Math.max(0, total) >> 20, "MiB", file, List.of());
            pulled(hub, name, progress).forEach(spec.commandLine().getOut()::println);
            spec.commandLine().getOut().flush();
        }
        return 0;
    }

    private static List<Path> pulled(Hub hub, String name, HubProgress progress) {
        Optional<HubFile> file = HubFile.gguf(name).or(() -> HubFile.rows(name));
        if (file.isPresent()) {
            return List.of(hub.pull(file.get(), progress));
        }
        Optional<HubSplit> split = HubSplit.of(name);
        if (split.isPresent()) {
            return hub.pull(split.get(), progress);
        }
        Optional<HubRepo> dataset = HubSplit.dataset(name);
        if (dataset.isPresent()) {
            throw new InputException("\"" + name + "\" names no split of a dataset. " + hub.contents(dataset.get()));
        }
        HubRepo repo = HubRepo.model(name)
                .orElseThrow(() -> new InputException("\"" + name + "\" is no name on the hub: a model is OWNER/NAME, a"
                        + " split of a dataset hf://datasets/OWNER/NAME/CONFIGURATION/SPLIT"));
        return List.of(hub.pull(repo, progress));
    }
}
