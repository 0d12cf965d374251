package cogent.pipeline;

import cogent.data.InputException;
import cogent.pipeline.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The runs in a folder. */
public record RunList(Path folder, List<Entry> entries) {
    /** A run, as far as it can be told. */
    public sealed interface Entry {
        Path run();
    }

    /** A run that can be read. */
    public record ReadableRun(Path run, RunStatus status) implements Entry {}

    /** One that cannot, and why. */
    public record UnreadableRun(Path run, String why) implements Entry {}

    /** @throws InputException when there is no such folder */
    public static RunList of(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return new RunList(
                    folder,
                    entries.filter(entry -> Files.exists(new RunDirectory(entry).recipe()))
                            .sorted()
                            .map(RunList::entry)
                            .toList());
        } catch (IOException e) {
            throw new InputException(folder + ": cannot be listed (" + InputException.reason(e) + ")", e);
        }
    }

    private static Entry entry(Path folder) {
        RunDirectory run = new RunDirectory(folder);
        try {
            return new ReadableRun(folder, RunStatus.of(run.readRecipe(), run));
        } catch (InputException e) {
            return new UnreadableRun(folder, String.valueOf(e.getMessage()));
        }
    }
}
