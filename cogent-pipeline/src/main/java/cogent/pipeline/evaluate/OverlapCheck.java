package cogent.pipeline.evaluate;

import cogent.curate.clean.Contamination;
import cogent.data.Sample;
import cogent.eval.Benchmark;
import cogent.eval.Question;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.result.Overlap;
import cogent.pipeline.run.Benchmarks;
import cogent.pipeline.run.Corpora;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Holds the training corpus against the benchmarks by curation's own check. The playground's problems are kept apart where
 * they are made, and share their phrases by nature.
 */
final class OverlapCheck {
    private static final int EXAMPLES = 5;

    private OverlapCheck() {}

    /** By benchmark, for those that overlap; empty when the recipe names no corpus or it is not there any more. */
    static Map<Benchmark, Overlap> of(Benchmarks benchmarks, Collection<Benchmark> measured) {
        Recipe recipe = benchmarks.recipe();
        Map<Benchmark, Overlap> found = new LinkedHashMap<>();
        String corpus = recipe.corpus().path();
        if (corpus == null
                || corpus.equals(Recipe.PLAYGROUND)
                || !Files.exists(Corpora.file(recipe, benchmarks.run()))) {
            return found;
        }
        for (String name : recipe.evaluate().benchmarks()) {
            if (name.equals(Recipe.PLAYGROUND)) {
                continue;
            }
            Contamination check =
                    new Contamination(benchmarks.questions(name).stream().map(Question::problem));
            Overlap overlap = overlap(benchmarks, check);
            measured.stream()
                    .filter(b -> overlap.rows() > 0 && b.equals(benchmarks.of(name)))
                    .forEach(b -> found.put(b, overlap));
        }
        return found;
    }

    private static Overlap overlap(Benchmarks benchmarks, Contamination check) {
        long[] rows = new long[1];
        List<String> examples = new ArrayList<>();
        try (Stream<Sample> samples = Corpora.samples(benchmarks.recipe(), benchmarks.run(), _ -> {})) {
            samples.forEach(sample -> check.refuse(sample).ifPresent(refused -> {
                rows[0]++;
                if (examples.size() < EXAMPLES) {
                    examples.add(sample.id() + " ~ " + refused.detail());
                }
            }));
        }
        return new Overlap(rows[0], examples);
    }
}
