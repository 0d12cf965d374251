package cogent.studio.run;

import cogent.pipeline.run.RunDirectory;
import cogent.studio.http.BadRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The folder that runs lie in. A run is found by its name among what the folder lists, so that no name leads out of it. */
public record RunFolder(Path root) {
    /** @throws BadRequest when there is no such run */
    public RunDirectory run(String name) {
        try (Stream<Path> entries = Files.isDirectory(root) ? Files.list(root) : Stream.<Path>empty()) {
            return entries.filter(entry -> String.valueOf(entry.getFileName()).equals(name))
                    .map(RunDirectory::new)
                    .filter(run -> Files.exists(run.recipe()))
                    .findFirst()
                    .orElseThrow(() -> BadRequest.notFound("there is no run " + name + " in " + root));
        } catch (IOException e) {
            throw BadRequest.notFound(root + " cannot be listed");
        }
    }
}
