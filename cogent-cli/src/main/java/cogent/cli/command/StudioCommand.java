package cogent.cli.command;

import cogent.cli.terminal.Signals;
import cogent.data.InputException;
import cogent.pipeline.run.RunDirectory;
import cogent.studio.Studio;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cogent studio}: the runs in a browser. */
@Command(
        name = "studio",
        mixinStandardHelpOptions = true,
        description = {
            "opens the runs of a folder as a page on this machine: samples, curves, answers, also while they go on.",
            "The address it prints holds a key: it is for you alone"
        })
public final class StudioCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "RUNS", description = "the folder that runs lie in (default: runs)")
    private Path runs = Path.of("runs");

    @Option(
            names = "--port",
            converter = ServeCommand.Port.class,
            defaultValue = "0",
            description = "default: any free one")
    private int port;

    @Override
    public Integer call() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        Signals.handled(System.err::println).whenAsked(end::countDown);
        try (Studio studio = Studio.start(folder(), port)) {
            spec.commandLine().getOut().printf("The studio is open at %s (Ctrl-C ends)%n", studio.address());
            spec.commandLine().getOut().flush();
            end.await();
            return Signals.exitCode();
        }
    }

    /** Who names one run means it and its like. */
    private Path folder() {
        if (Files.isRegularFile(runs)) {
            throw new InputException(runs + " is a file: give the folder that runs lie in");
        }
        Path absolute = runs.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        return Files.exists(new RunDirectory(runs).recipe()) && parent != null ? parent : runs;
    }
}
