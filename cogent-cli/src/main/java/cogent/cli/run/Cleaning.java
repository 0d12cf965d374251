package cogent.cli.run;

import cogent.cli.recipe.Clean;
import cogent.cli.recipe.Recipe;
import cogent.curate.Contamination;
import cogent.curate.Garble;
import cogent.curate.HeldOut;
import cogent.curate.Languages;
import cogent.curate.LengthBounds;
import cogent.curate.NearDuplicates;
import cogent.curate.SampleFilter;
import cogent.curate.Script;
import cogent.data.JsonLinesWriter;
import cogent.data.Problem;
import cogent.data.Sample;
import cogent.eval.Question;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What keeps rows of the corpus out of every training and every call. */
final class Cleaning {
    private Cleaning() {}

    /** The recipe's filters, fresh: some of them remember what they have seen. */
    static List<SampleFilter> filters(Recipe recipe) {
        Clean clean = recipe.corpus().clean();
        List<SampleFilter> filters = new ArrayList<>();
        if (recipe.corpus().heldOut() > 0) {
            filters.add(new HeldOut(recipe.corpus().heldOut()));
        }
        filters.addAll(contamination(recipe, Clean.Evaluated.REMOVE));
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
        return contamination(recipe, Clean.Evaluated.FLAG);
    }

    private static List<SampleFilter> contamination(Recipe recipe, Clean.Evaluated how) {
        return recipe.corpus().clean().evaluated() == how && !evaluated(recipe).isEmpty()
                ? List.of(contamination(recipe))
                : List.of();
    }

    static boolean lets(Sample sample, List<SampleFilter> filters) {
        return filters.stream().noneMatch(filter -> filter.refuse(sample).isPresent());
    }

    /** The data of the evaluation sets that the corpus is held against: all but the playground's, disjoint as it is made. */
    static List<Path> evaluated(Recipe recipe) {
        return recipe.corpus().clean().evaluated() != Clean.Evaluated.KEEP
                ? sets(recipe)
                        .map(name -> new EvaluateStage(recipe, RunDirectory.of(recipe)).data(name))
                        .toList()
                : List.of();
    }

    /** Whether a problem stands in an evaluation set of the recipe; the problems' ids name the set. */
    static Contamination contamination(Recipe recipe) {
        EvaluateStage stage = new EvaluateStage(recipe, RunDirectory.of(recipe));
        return new Contamination(sets(recipe)
                .flatMap(name -> Question.read(stage.benchmark(name), stage.data(name)).stream()
                        .map(question -> new Problem(
                                name + " " + question.id(),
                                question.problem().text(),
                                question.problem().answer()))));
    }

    private static Stream<String> sets(Recipe recipe) {
        return recipe.evaluate().benchmarks().stream().filter(name -> !name.equals(Recipe.PLAYGROUND));
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
