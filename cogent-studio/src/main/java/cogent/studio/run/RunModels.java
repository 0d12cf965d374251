package cogent.studio.run;

import cogent.data.InputException;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.ModelNames;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Students;
import cogent.studio.http.RefusedRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * The models of a run that are there to be asked, by name: {@code base}, the student as it came, and what was trained of it.
 *
 * @param directories in the order in which they come to be
 */
public record RunModels(ModelNames names, SequencedMap<String, Path> directories) {
    public static final String BASE = "base";

    public static RunModels of(Recipe recipe, RunDirectory run) {
        SequencedMap<String, Path> directories = new LinkedHashMap<>();
        try {
            put(directories, BASE, Students.base(recipe, run));
        } catch (InputException e) {
            // no student is named: the run trains none
        }
        Stream.of("raw", "sft", ModelNames.ALIGNED, ModelNames.DISTILLED)
                .forEach(model -> put(directories, model, run.model(model)));
        return new RunModels(ModelNames.of(recipe), directories);
    }

    private static void put(SequencedMap<String, Path> directories, String name, Path directory) {
        if (Files.exists(directory.resolve("config.json")) && hasWeights(directory)) {
            directories.put(name, directory);
        }
    }

    private static boolean hasWeights(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(file -> file.toString().endsWith(".safetensors"));
        } catch (IOException e) {
            throw new UncheckedIOException(directory + ": cannot be listed", e);
        }
    }

    /** @throws RefusedRequest when the run has no such model */
    public Path directory(String name) {
        Path directory = directories.get(name);
        if (directory == null) {
            throw RefusedRequest.notFound("this run has no model " + name);
        }
        return directory;
    }

    /** What people are told of each, by its name. */
    public SequencedMap<String, String> options() {
        SequencedMap<String, String> options = new LinkedHashMap<>();
        directories
                .keySet()
                .forEach(name -> options.put(name, name.equals(BASE) ? "the student as it came" : names.of(name)));
        return options;
    }
}
