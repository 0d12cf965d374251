package cogent.studio.run;

import cogent.pipeline.run.RunDirectory;
import cogent.studio.http.RefusedRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** The folder that runs lie in. A run is found by its name among what the folder lists, so that no name leads out of it. */
public record RunFolder(Path root) {
    /** @throws RefusedRequest when there is no such run */
    public RunDirectory run(String name) {
        try (Stream<Path> entries = Files.isDirectory(root) ? Files.list(root) : Stream.<Path>empty()) {
            return entries.filter(entry -> String.valueOf(entry.getFileName()).equals(name))
                    .map(RunDirectory::new)
                    .filter(run -> Files.exists(run.recipe()))
                    .findFirst()
                    .orElseThrow(() -> RefusedRequest.notFound("there is no run " + name + " in " + root));
        } catch (IOException e) {
            throw RefusedRequest.notFound(root + " cannot be listed");
        }
    }

    /** What makes a recipe run here under a name, as {@code --set} takes it. */
    public List<String> sets(String name) {
        return List.of("runs=" + quoted(root.toString()), "name=" + quoted(name));
    }

    private static String quoted(String text) {
        return JsonMapper.shared().writeValueAsString(text);
    }
}
