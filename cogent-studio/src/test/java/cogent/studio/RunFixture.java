package cogent.studio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Run directories as a run leaves them. */
final class RunFixture {
    private RunFixture() {}

    /** A run of the playground that has done nothing yet. */
    static Path begun(Path runs, String name) throws IOException {
        Path run = Files.createDirectories(runs.resolve(name));
        Files.writeString(run.resolve("recipe.yaml"), """
                name: "%s"
                runs: "%s"
                student: {model: playground}
                """.formatted(name, runs));
        return run;
    }
}
