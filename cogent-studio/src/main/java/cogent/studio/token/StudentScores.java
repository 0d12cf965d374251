package cogent.studio.token;

import cogent.model.decoder.LanguageModel;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.Students;
import cogent.train.forward.Scoring;
import cogent.train.rows.Example;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Log-probabilities of rows under a model of a run; the model asked last stays loaded, for the next sample. */
public final class StudentScores implements AutoCloseable {
    private static final int TOKENS_AT_ONCE = 8192;

    private record Key(Path directory, FileTime written) {}

    private @Nullable Key key;
    private @Nullable LanguageModel model;

    /** As {@link Scoring#tokenLogps}, on the device and in the precision that the recipe has its student measured in. */
    synchronized List<float[]> of(Recipe recipe, Path directory, List<Example> rows) throws IOException {
        Key asked = new Key(directory, Files.getLastModifiedTime(directory.resolve("config.json")));
        LanguageModel loaded = model;
        if (loaded == null || !asked.equals(key)) {
            close();
            loaded = Students.loadToRead(recipe, directory);
            model = loaded;
            key = asked;
        }
        return Scoring.tokenLogps(loaded, rows, TOKENS_AT_ONCE);
    }

    @Override
    public synchronized void close() {
        if (model != null) {
            model.close();
            model = null;
        }
    }
}
