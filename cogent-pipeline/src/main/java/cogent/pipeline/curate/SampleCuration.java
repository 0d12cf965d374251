package cogent.pipeline.curate;

import cogent.curate.Curated;
import cogent.curate.Curation;
import cogent.curate.PairBuilder;
import cogent.curate.SampleOutcome;
import cogent.curate.clean.SampleFilter;
import cogent.curate.prompt.PromptSet;
import cogent.curate.rationale.CalculatorMarks;
import cogent.data.InputException;
import cogent.data.PreferencePair;
import cogent.data.Sample;
import cogent.data.SftRow;
import cogent.data.corpus.Corpus;
import cogent.data.file.Row;
import cogent.llm.ChatException;
import cogent.llm.run.ChatModels;
import cogent.llm.store.RunDatabase;
import cogent.llm.store.SharedStore;
import cogent.llm.store.Stored;
import cogent.pipeline.recipe.CleanConfig;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.Corpora;
import java.util.ArrayList;
import java.util.List;

/**
 * A recipe's curation of rows that come from elsewhere, one at a time, over the recipe's store: what the tasks of a cluster run.
 * It keeps nothing itself. With stored replies the same row comes to the same end without a call.
 */
public final class SampleCuration implements AutoCloseable {
    private final Recipe recipe;
    private final List<SampleFilter> filters;
    private final RunDatabase database;
    private final ChatModels models;
    private final Curation curation;
    private final PairBuilder pairs;

    /** What became of a row. */
    public sealed interface Outcome {
        /**
         * It went through the agents.
         *
         * @param calls the keys of the stored replies that it was made from, in their order
         */
        record Done(Curated curated, List<String> calls, List<SftRow> rows, List<PreferencePair> pairs)
                implements Outcome {}

        /** It is no sample, is kept out, or no endpoint answered. */
        record Out(String id, SampleOutcome.Refused why) implements Outcome {}
    }

    private SampleCuration(Recipe recipe, RunDatabase database) {
        this.recipe = recipe;
        this.database = database;
        this.filters = List.copyOf(Cleaning.filters(recipe));
        this.models = new ChatModels(database, Teachers.budget(recipe.teacher()));
        this.curation = Agents.of(recipe, models).curation(null, null);
        this.pairs = Agents.pairs(recipe, recipe.format().rows());
    }

    /**
     * Joins the processes on the recipe's store.
     *
     * @throws InputException when the recipe has none, or cannot be curated a row at a time
     */
    public static SampleCuration join(Recipe recipe) {
        requirePossible(recipe);
        RunDatabase database = store(recipe).join();
        try {
            return new SampleCuration(recipe, database);
        } catch (RuntimeException | Error e) {
            database.close();
            throw e;
        }
    }

    /** @throws InputException saying which setting asks for more than a row at a time */
    public static void requirePossible(Recipe recipe) {
        SharedStore _ = store(recipe);
        Teachers.requireNoSecrets(recipe);
        PromptSet _ = Agents.prompts(recipe.curate().prompts());
        CleanConfig clean = recipe.corpus().clean();
        if (recipe.curate().asksStudent()) {
            throw new InputException(
                    "curate.critic.by, curate.verifier.blind.by: the student measures the corpus as a whole and"
                            + " in one process. Set them to teacher");
        }
        if (recipe.curate().author().writes()) {
            throw new InputException(
                    "curate.author.samples: missing rationales are written by `cogent curate`, ahead of the"
                            + " curation. Set it to 0");
        }
        if (clean.evaluated() != CleanConfig.Evaluated.KEEP
                && recipe.evaluate().benchmarks().stream().anyMatch(name -> !name.equals(Recipe.PLAYGROUND))) {
            throw new InputException(
                    "corpus.clean.evaluated: not every machine of a cluster has the evaluation sets. Set it to"
                            + " keep, and take their problems out before, over all rows");
        }
        if (clean.nearDuplicates()) {
            throw new InputException(
                    "corpus.clean.near_duplicates: a task does not see the rows of the others. Set it to false"
                            + " and take near duplicates out before, over all rows");
        }
    }

    private static SharedStore store(Recipe recipe) {
        return recipe.sharedStore()
                .orElseThrow(() -> new InputException(
                        "store is not set: tasks that fail or run twice would pay twice. Name a database that all of them reach,"
                                + " such as jdbc:postgresql://HOST/DATABASE"));
    }

    /** How many rows are on their way at once. */
    public int inFlight() {
        return recipe.curate().inFlight();
    }

    /**
     * Curates a row of any layout that a corpus may have.
     *
     * @param id where the row has none of its own
     * @throws ChatException when no row will be answered until something is mended
     */
    public Outcome curate(Row row, String id) {
        Sample sample;
        try {
            Sample read = Corpus.sample(row, Corpora.fields(recipe), id);
            sample = recipe.corpus().clean().calculatorMarks() ? read : CalculatorMarks.without(read);
        } catch (InputException e) {
            return new Outcome.Out(
                    id, new SampleOutcome.Refused(SampleOutcome.Stage.CORPUS, String.valueOf(e.getMessage()), ""));
        }
        return filters.stream()
                .flatMap(filter -> filter.refuse(sample).stream())
                .findFirst()
                .<Outcome>map(why -> new Outcome.Out(sample.id(), why))
                .orElseGet(() -> asked(sample));
    }

    private Outcome asked(Sample sample) {
        List<String> calls = new ArrayList<>();
        try {
            Curated curated = ScopedValue.where(Stored.REPLIES, (call, _) -> calls.add(call))
                    .call(() -> curation.curate(sample));
            return new Outcome.Done(curated, List.copyOf(calls), pairs.sft(curated), pairs.preferences(curated));
        } catch (ChatException e) {
            if (e.kind() == ChatException.Kind.FATAL) {
                throw e;
            }
            return new Outcome.Out(
                    sample.id(),
                    new SampleOutcome.Refused(
                            SampleOutcome.Stage.ENDPOINT, "no answer", String.valueOf(e.getMessage())));
        }
    }

    @Override
    public void close() {
        models.close();
        database.close();
    }
}
