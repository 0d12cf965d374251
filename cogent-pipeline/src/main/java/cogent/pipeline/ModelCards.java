package cogent.pipeline;

import cogent.data.AtomicFile;
import cogent.data.Sha256;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.result.TrainResult;
import cogent.pipeline.run.Manifest;
import cogent.pipeline.run.ModelNames;
import cogent.pipeline.run.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The cards of a run's models, written anew as long as nobody has edited them. */
final class ModelCards {
    private static final Map<String, String> STAGES =
            Map.of("raw", "raw-sft", "sft", "sft", ModelNames.ALIGNED, "align", ModelNames.DISTILLED, "distil");

    private static final String MARK = "\n<!-- Cogent's own words, until somebody edits them: ";

    private ModelCards() {}

    /**
     * Writes what is known by now.
     *
     * @return the cards that somebody has edited, and that are left as they are
     */
    static List<Path> write(Recipe recipe, RunDirectory run) {
        RunStatus status = RunStatus.of(recipe, run);
        BaseModel base = BaseModel.of(recipe);
        List<Path> edited = new ArrayList<>();
        STAGES.forEach((model, stage) -> status.of(stage)
                .map(Manifest::result)
                .map(TrainResult.class::cast)
                .ifPresent(trained -> {
                    for (boolean adapter : new boolean[] {false, true}) {
                        Path folder = run.model(adapter ? model + "-adapter" : model);
                        if (Files.isDirectory(folder)) {
                            write(
                                            folder.resolve("README.md"),
                                            new ModelCard(recipe, base, model, adapter, trained, status.evaluation()))
                                    .ifPresent(edited::add);
                        }
                    }
                }));
        return edited;
    }

    /** Gives the file back where it is left as it is. */
    private static Optional<Path> write(Path file, ModelCard card) {
        try {
            if (Files.exists(file) && !isOurs(Files.readString(file))) {
                return Optional.of(file);
            }
            AtomicFile.write(file, marked(card.text()));
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written", e);
        }
    }

    private static String marked(String text) {
        return text + MARK + Sha256.hex(text).substring(0, 16) + " -->\n";
    }

    private static boolean isOurs(String card) {
        int mark = card.lastIndexOf(MARK);
        return mark >= 0 && card.equals(marked(card.substring(0, mark)));
    }
}
