package cogent.pipeline.curate;

import cogent.curate.clean.Contamination;
import cogent.curate.clean.Garble;
import cogent.curate.clean.HeldOut;
import cogent.curate.clean.Languages;
import cogent.curate.clean.LengthBounds;
import cogent.curate.clean.NearDuplicates;
import cogent.curate.clean.SampleFilter;
import cogent.curate.clean.Script;
import cogent.data.Problem;
import cogent.data.Sample;
import cogent.data.file.JsonLinesWriter;
import cogent.eval.Question;
import cogent.pipeline.recipe.CleanConfig;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.Benchmarks;
import cogent.pipeline.run.RunDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What keeps rows of the corpus out of every training and every call. */
public final class Cleaning {
    private Cleaning() {}

    /** The recipe's filters, fresh: some of them remember what they have seen. */
    static List<SampleFilter> filters(Recipe recipe) {
        CleanConfig clean = recipe.corpus().clean();
        List<SampleFilter> filters = new ArrayList<>();
        if (recipe.corpus().heldOut() > 0) {
            filters.add(new HeldOut(recipe.corpus().heldOut()));
        }
        filters.addAll(contamination(recipe, CleanConfig.Evaluated.REMOVE));
        if (clean.garble()) {
            filters.add(new Garble());
        }
        clean.unicodeScript().ifPresent(script -> filters.add(new Script(script)));
        if (!clean.languages().isEmpty()) {
            filters.add(new Languages(clean.languages()));
        }
        if (clean.minCharacters() > 0 || clean.maxCharacters() > 0) {
            filters.add(new LengthBounds(
                    clean.minCharacters(), clean.maxCharacters() == 0 ? Integer.MAX_VALUE : clean.maxCharacters()));
        }
        if (clean.nearDuplicates()) {
            filters.add(new NearDuplicates()); // last: a row that goes for another reason is nobody's first
        }
        return filters;
    }

    /** What the recipe wants named in rows that stay, in the form of filters. */
    static List<SampleFilter> flags(Recipe recipe) {
        return contamination(recipe, CleanConfig.Evaluated.FLAG);
    }

    private static List<SampleFilter> contamination(Recipe recipe, CleanConfig.Evaluated how) {
        return recipe.corpus().clean().evaluated() == how && !evaluated(recipe).isEmpty()
                ? List.of(contamination(recipe))
                : List.of();
    }

    static boolean lets(Sample sample, List<SampleFilter> filters) {
        return filters.stream().noneMatch(filter -> filter.refuse(sample).isPresent());
    }

    /**
     * The data of the evaluation sets that the corpus is held against, as far as it is there: all but the playground's,
     * disjoint as it is made.
     */
    static List<Path> evaluated(Recipe recipe) {
        Benchmarks benchmarks = new Benchmarks(recipe, RunDirectory.of(recipe));
        return sets(recipe)
                .flatMap(name -> benchmarks.given(name).stream())
                .filter(Files::exists)
                .toList();
    }

    /** The evaluation sets whose data is not there, so that nothing is known of their problems. */
    public static List<String> unseen(Recipe recipe) {
        Benchmarks benchmarks = new Benchmarks(recipe, RunDirectory.of(recipe));
        return sets(recipe)
                .filter(name -> benchmarks.given(name).filter(Files::exists).isEmpty())
                .toList();
    }

    /** What there is to say of evaluation sets that were not there. */
    public static String unchecked(List<String> names) {
        return "The corpus was not held against " + String.join(", ", names)
                + ", whose data (evaluate.data) is not there:"
                + " problems of it may be among the training rows. Once it is there, the same recipe is curated again,"
                + " from stored replies.";
    }

    /** Whether a problem stands in an evaluation set of the recipe; the problems' ids name the set. */
    private static Contamination contamination(Recipe recipe) {
        Benchmarks benchmarks = new Benchmarks(recipe, RunDirectory.of(recipe));
        List<String> unseen = unseen(recipe);
        return new Contamination(sets(recipe)
                .filter(name -> !unseen.contains(name))
                .flatMap(name -> Question.read(benchmarks.of(name), benchmarks.data(name)).stream()
                        .map(question -> new Problem(
                                name + " " + question.id(),
                                question.problem().text(),
                                question.problem().answer()))));
    }

    /** Those that the corpus is to be held against. */
    private static Stream<String> sets(Recipe recipe) {
        return recipe.corpus().clean().evaluated() != CleanConfig.Evaluated.KEEP
                ? recipe.evaluate().benchmarks().stream().filter(name -> !name.equals(Recipe.PLAYGROUND))
                : Stream.empty();
    }

    /** The problems that are kept back, with their answers, as a benchmark's data is. */
    static void writeHeldOut(Stream<Problem> problems, double share, Path file) {
        HeldOut kept = new HeldOut(share);
        try (JsonLinesWriter out = JsonLinesWriter.create(file)) {
            problems.filter(kept::holds).forEach(problem -> {
                Map<String, String> row = new LinkedHashMap<>();
                row.put("id", problem.id());
                row.put("problem", problem.text());
                row.put("answer", problem.answer());
                out.write(row);
            });
            out.commit();
        }
    }
}
