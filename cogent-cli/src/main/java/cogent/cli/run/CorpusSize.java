package cogent.cli.run;

import cogent.cli.recipe.Recipe;
import cogent.data.Sample;
import cogent.model.Tokenizer;
import cogent.playground.World;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How much the corpus holds, counted over all its rows.
 *
 * @param problem mean tokens of a problem
 * @param rationale mean tokens of a rationale
 */
record CorpusSize(long rows, double problem, double rationale) {
    /** Rows that are tokenised, to learn how many characters a token has. */
    private static final int TOKENISED = 50;
    /** Without a tokenizer to ask; measured on 400 rows of GSM8K with the vocabulary of Qwen2.5. */
    private static final double CHARACTERS_PER_TOKEN = 2.9;

    /** @throws cogent.data.InputException when the corpus is not there or cannot be read */
    static CorpusSize of(Recipe recipe, RunDirectory run) {
        long rows = 0;
        long problems = 0;
        long rationales = 0;
        List<String> some = new ArrayList<>();
        try (Stream<Sample> samples = samples(recipe, run)) {
            for (Sample sample : (Iterable<Sample>) samples::iterator) {
                rows++;
                problems += sample.problem().text().length();
                rationales += sample.rationale().text().length();
                if (some.size() < TOKENISED) {
                    some.add(sample.rationale().text());
                }
            }
        }
        double perRow = charactersPerToken(recipe, run, some) * Math.max(1, rows);
        return new CorpusSize(rows, problems / perRow, rationales / perRow);
    }

    double tokens() {
        return problem + rationale;
    }

    private static Stream<Sample> samples(Recipe recipe, RunDirectory run) {
        boolean notMadeYet =
                Recipe.PLAYGROUND.equals(recipe.corpus().path()) && !Files.exists(Corpora.file(recipe, run));
        Recipe.Playground world = recipe.playground();
        return notMadeYet
                ? new World(world.steps(), world.largest()).corpus(world.problems(), recipe.seed())
                : Corpora.samples(recipe, run, _ -> {});
    }

    private static double charactersPerToken(Recipe recipe, RunDirectory run, List<String> texts) {
        try (Students.Directory student = Students.readable(recipe, run)) {
            Path vocabulary = student.path().resolve("tokenizer.json");
            if (texts.isEmpty() || !Files.exists(vocabulary)) {
                return CHARACTERS_PER_TOKEN;
            }
            try (Tokenizer tokenizer = Tokenizer.load(student.path())) {
                long tokens = tokenizer.encode(texts).stream()
                        .mapToLong(ids -> ids.length)
                        .sum();
                return (double) texts.stream().mapToInt(String::length).sum() / Math.max(1, tokens);
            }
        }
    }
}
