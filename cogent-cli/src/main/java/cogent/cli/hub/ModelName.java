package cogent.cli.hub;

import cogent.cli.terminal.ProgressLine;
import cogent.model.hub.HubFile;
import cogent.model.hub.HubRepo;
import cogent.pipeline.run.HubNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Model.CommandSpec;

/** A model as people name it to a command; see {@link #WHAT}. Nothing is looked for while a command line is read. */
public record ModelName(String given) {
    public static final String WHAT = "a Hugging Face directory, a GGUF file, or a name on the hub that was pulled";

    /**
     * Its directory; a GGUF file is made into one first.
     *
     * @throws cogent.data.InputException when it is a name that the cache does not hold, or a file that is not read
     */
    public Path directory(CommandSpec spec) {
        ProgressLine line = ProgressLine.on(spec.commandLine().getErr());
        Instant start = Instant.now();
        AtomicBoolean told = new AtomicBoolean();
        Path directory = HubNames.ofEnvironment().model(given, (file, done, total) -> {
            told.set(true);
            line.update("import", done >> 20, total >> 20, "MiB", file, List.of());
        });
        if (told.get()) {
            line.done("import", directory.toString(), Duration.between(start, Instant.now()));
        }
        return directory;
    }

    /** What it is called in what is made of it: without folders, revision and ending. */
    public String shortName() {
        String path = HubFile.gguf(given)
                .map(HubFile::file)
                .or(() -> HubRepo.model(given)
                        .filter(_ -> !Files.exists(Path.of(given)))
                        .map(HubRepo::id))
                .orElse(given);
        String name = String.valueOf(Path.of(path).toAbsolutePath().normalize().getFileName());
        return name.replaceFirst("(?i)\\.gguf$", "");
    }
}
