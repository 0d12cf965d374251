package cogent.pipeline.plan;

import cogent.curate.clean.HeldOut;
import cogent.data.Draft;
import cogent.data.Sample;
import cogent.model.text.Tokenizer;
import cogent.pipeline.recipe.PlaygroundConfig;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.Corpora;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Students;
import cogent.playground.World;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How much the corpus holds without what is held out of it, counted over all its rows.
 *
 * @param missing rows whose rationale is still to be written
 * @param problem mean tokens of a problem
 * @param rationale mean tokens of a rationale, of those that are there
 * @param frame what the format and the chat template add to both
 * @param problems some
 * @param replies tokens of the rationales that are there, with what frames a reply
 * @param lengths tokens of every row whose rationale is there, problem, rationale and frame together
 */
record CorpusSize(
        long rows,
        long missing,
        double problem,
        double rationale,
        RowFrame frame,
        List<String> problems,
        Lengths replies,
        Lengths lengths) {
    /** Rows that are tokenised, to learn how many characters a token of a problem has, and of a rationale. */
    private static final int TOKENISED = 50;
    /** Without a tokenizer to ask; measured on 400 rows of GSM8K with the vocabulary of Qwen2.5. */
    private static final double CHARACTERS_PER_TOKEN = 2.9;

    /** Of a rationale, where the corpus has none to measure: about GSM8K's three times over, and far less than R1's. */
    static final double UNWRITTEN = 500;

    /** @throws cogent.data.InputException when the corpus is not there or cannot be read */
    static CorpusSize of(Recipe recipe, RunDirectory run) {
        long rows = 0;
        long missing = 0;
        long problems = 0;
        long rationales = 0;
        List<Sample> some = new ArrayList<>(); // of all rows alike: corpora are often sorted
        Random random = new Random(0);
        IntStream.Builder asked = IntStream.builder();
        IntStream.Builder reasoned = IntStream.builder();
        HeldOut heldOut = new HeldOut(recipe.corpus().heldOut());
        try (Stream<Sample> samples = samples(recipe, run).filter(sample -> !heldOut.holds(sample.problem()))) {
            for (Sample sample : (Iterable<Sample>) samples::iterator) {
                rows++;
                problems += sample.problem().text().length();
                rationales += sample.rationale().text().length();
                asked.add(sample.problem().text().length());
                reasoned.add(sample.rationale().text().length());
                if (some.size() < TOKENISED) {
                    some.add(sample);
                } else {
                    long place = random.nextLong(rows);
                    if (place < TOKENISED) {
                        some.set((int) place, sample);
                    }
                }
            }
        }
        if (recipe.curate().author().writes() && !Files.exists(run.authored()) && isThere(recipe, run)) {
            try (Stream<Draft> drafts = Corpora.drafts(recipe, run, _ -> {})) {
                for (Draft draft : (Iterable<Draft>)
                        drafts.filter(d -> d.rationale() == null && !heldOut.holds(d.problem()))::iterator) {
                    missing++;
                    problems += draft.problem().text().length();
                }
            }
        }
        double perAsked = charactersPerToken(
                recipe,
                run,
                some.stream().map(sample -> sample.problem().text()).toList());
        double perReasoned = charactersPerToken(
                recipe,
                run,
                some.stream().map(sample -> sample.rationale().text()).toList());
        int[] problemLengths = asked.build().toArray();
        int[] rationaleLengths = reasoned.build().toArray();
        RowFrame frame = RowFrame.of(recipe, run);
        return new CorpusSize(
                rows + missing,
                missing,
                problems / perAsked / Math.max(1, rows + missing),
                rows == 0 ? UNWRITTEN : rationales / perReasoned / rows,
                frame,
                some.stream().map(sample -> sample.problem().text()).toList(),
                new Lengths(
                        rows == 0
                                ? new int[] {(int) UNWRITTEN + frame.reply()}
                                : IntStream.of(rationaleLengths)
                                        .map(characters -> frame.reply() + (int) Math.round(characters / perReasoned))
                                        .toArray()),
                new Lengths(
                        rows == 0
                                ? new int[] {
                                    (int) UNWRITTEN
                                            + frame.prompt()
                                            + frame.reply()
                                            + (int) Math.round(problems / perAsked / Math.max(1, missing))
                                }
                                : IntStream.range(0, problemLengths.length)
                                        .map(i -> frame.prompt()
                                                + frame.reply()
                                                + (int) Math.round(problemLengths[i] / perAsked
                                                        + rationaleLengths[i] / perReasoned))
                                        .toArray()));
    }

    double tokens() {
        return problem + rationale;
    }

    /** Mean tokens of what the student is asked with. */
    double prompt() {
        return problem + frame.prompt();
    }

    private static Stream<Sample> samples(Recipe recipe, RunDirectory run) {
        PlaygroundConfig world = recipe.playground();
        return isThere(recipe, run)
                ? Corpora.samples(recipe, run, _ -> {})
                : new World(world.steps(), world.largest()).corpus(world.problems(), recipe.seed());
    }

    /** False for a playground's that is still to be made. */
    private static boolean isThere(Recipe recipe, RunDirectory run) {
        return !Recipe.PLAYGROUND.equals(recipe.corpus().path()) || Files.exists(Corpora.file(recipe, run));
    }

    static double charactersPerToken(Recipe recipe, RunDirectory run, List<String> texts) {
        if (recipe.student().model() == null) {
            return CHARACTERS_PER_TOKEN; // a curation needs none
        }
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
