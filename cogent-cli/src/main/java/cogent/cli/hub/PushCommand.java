package cogent.cli.hub;

import cogent.cli.terminal.ProgressLine;
import cogent.data.InputException;
import cogent.model.hub.HubRepo;
import cogent.model.hub.HubSettings;
import cogent.model.hub.HubUpload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cogent push}: a model's directory, with its card, onto the hub. */
@Command(
        name = "push",
        mixinStandardHelpOptions = true,
        description = {
            "puts a model's directory, with its card, onto the Hugging Face hub as one commit",
            "The repository is made where there is none. What has gone up is not sent again, so the same command continues."
        })
public final class PushCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "DIR", description = "such as runs/mine/models/aligned")
    private Path directory;

    @Parameters(index = "1", paramLabel = "NAME", description = "OWNER/NAME, or OWNER/NAME@BRANCH")
    private String name;

    @Option(names = "--public", description = "a repository that is made can be seen by everybody (default: private)")
    private boolean open;

    @Option(names = "--message", defaultValue = "Model trained with Cogent", description = "of the commit")
    private String message;

    @Override
    public Integer call() {
        if (!Files.exists(directory.resolve("config.json"))) {
            throw new InputException(directory + ": no model is there (no config.json)");
        }
        HubRepo repo = HubRepo.model(name)
                .orElseThrow(() ->
                        new InputException("\"" + name + "\" is no name for a model on the hub: OWNER/NAME is one"));
        ProgressLine line = ProgressLine.on(spec.commandLine().getErr());
        String commit = new HubUpload(HubSettings.ofEnvironment())
                .push(
                        directory,
                        repo,
                        !open,
                        message,
                        (file, done, total) -> line.update("push", done >> 20, total >> 20, "MiB", file, List.of()));
        spec.commandLine().getOut().println(commit);
        spec.commandLine().getOut().flush();
        return 0;
    }
}
