package cogent.cli.run;

import cogent.cli.recipe.Recipe;
import cogent.data.Corpus;
import cogent.data.Fields;
import cogent.data.InputException;
import cogent.data.RefusedRow;
import cogent.data.Sample;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The recipe's corpus. */
final class Corpora {
    private Corpora() {}

    static Path file(Recipe recipe, RunDirectory run) {
        String path = recipe.corpus().path();
        if (path == null) {
            throw new InputException(
                    "corpus.path is not set: name a JSONL, JSON or Parquet file with problems, rationales"
                            + " and answers, or \"playground\" for the built-in world");
        }
        return Recipe.PLAYGROUND.equals(path) ? run.corpus() : Path.of(path);
    }

    /** The samples, as many as the recipe takes. Close the stream. */
    static Stream<Sample> samples(Recipe recipe, RunDirectory run, Consumer<RefusedRow> refused) {
        Recipe.Corpus settings = recipe.corpus();
        Stream<Sample> samples =
                new Corpus(file(recipe, run), fields(settings.fields()), settings.maxRefused()).samples(refused);
        return settings.limit() > 0 ? samples.limit(settings.limit()) : samples;
    }

    private static Fields fields(Map<String, String> named) {
        for (String key : named.keySet()) {
            if (!Set.of("problem", "rationale", "answer", "id").contains(key)) {
                throw new InputException("corpus.fields: \"" + key
                        + "\" is none of problem, rationale, answer, id; e.g. {problem: question}");
            }
        }
        return new Fields(named.get("problem"), named.get("rationale"), named.get("answer"), named.get("id"));
    }
}
