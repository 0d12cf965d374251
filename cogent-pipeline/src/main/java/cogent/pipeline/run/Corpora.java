package cogent.pipeline.run;

import cogent.curate.rationale.CalculatorMarks;
import cogent.curate.run.Authored;
import cogent.data.Draft;
import cogent.data.InputException;
import cogent.data.Sample;
import cogent.data.corpus.Corpus;
import cogent.data.corpus.Fields;
import cogent.data.file.RefusedRow;
import cogent.pipeline.recipe.CorpusConfig;
import cogent.pipeline.recipe.Recipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The recipe's corpus. */
public final class Corpora {
    private Corpora() {}

    public static Path file(Recipe recipe, RunDirectory run) {
        String path = recipe.corpus().path();
        if (path == null) {
            throw new InputException(
                    "corpus.path is not set: name a JSONL, JSON or Parquet file with problems, rationales"
                            + " and answers, or \"playground\" for the built-in world");
        }
        return Recipe.PLAYGROUND.equals(path)
                ? run.corpus()
                : HubNames.ofEnvironment().data(path);
    }

    /** All that the samples are made of. */
    public static List<Path> files(Recipe recipe, RunDirectory run) {
        return recipe.curate().author().writes()
                ? List.of(file(recipe, run), run.authored())
                : List.of(file(recipe, run));
    }

    /** The samples, as many as the recipe takes, with the rationales that the author wrote. Close the stream. */
    public static Stream<Sample> samples(Recipe recipe, RunDirectory run, Consumer<RefusedRow> refused) {
        return samples(recipe, run, refused, _ -> {});
    }

    /** @param unused told once of every field that says something and that no sample holds */
    public static Stream<Sample> samples(
            Recipe recipe, RunDirectory run, Consumer<RefusedRow> refused, Consumer<String> unused) {
        Stream<Sample> samples = recipe.curate().author().writes()
                ? written(recipe, run, refused, unused)
                : limited(corpus(recipe, run).samples(refused, unused), recipe);
        return recipe.corpus().clean().calculatorMarks() ? samples : samples.map(CalculatorMarks::without);
    }

    private static Stream<Sample> written(
            Recipe recipe, RunDirectory run, Consumer<RefusedRow> refused, Consumer<String> unused) {
        Stream<Authored> authored = Authorship.read(run.authored());
        Authorship written = new Authorship(file(recipe, run), authored.iterator(), refused);
        return limited(corpus(recipe, run).drafts(refused, unused), recipe)
                .mapMulti(written)
                .onClose(authored::close);
    }

    /** The rows as they are read, those that lack only the rationale among them. Close the stream. */
    public static Stream<Draft> drafts(Recipe recipe, RunDirectory run, Consumer<RefusedRow> refused) {
        return limited(corpus(recipe, run).drafts(refused), recipe);
    }

    private static Corpus corpus(Recipe recipe, RunDirectory run) {
        CorpusConfig settings = recipe.corpus();
        return new Corpus(file(recipe, run), fields(recipe), settings.maxRefused());
    }

    private static <T> Stream<T> limited(Stream<T> rows, Recipe recipe) {
        return recipe.corpus().limit() > 0 ? rows.limit(recipe.corpus().limit()) : rows;
    }

    /** The names of a row's fields, where the recipe states them. */
    public static Fields fields(Recipe recipe) {
        Map<String, String> named = recipe.corpus().fields();
        for (String key : named.keySet()) {
            if (!Set.of("problem", "rationale", "answer", "id").contains(key)) {
                throw new InputException("corpus.fields: \"" + key
                        + "\" is none of problem, rationale, answer, id; e.g. {problem: question}");
            }
        }
        return new Fields(named.get("problem"), named.get("rationale"), named.get("answer"), named.get("id"));
    }
}
