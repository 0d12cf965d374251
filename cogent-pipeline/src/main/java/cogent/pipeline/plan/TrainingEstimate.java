package cogent.pipeline.plan;

import cogent.data.Count;
import cogent.data.file.Row;
import cogent.data.file.RowFile;
import cogent.model.hf.ModelConfig;
import cogent.model.hf.ParameterShapes;
import cogent.pipeline.recipe.AlignConfig;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.TrainingConfig;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.TrainingInputs;
import cogent.pipeline.train.Objectives;
import cogent.train.loop.TrialStep;
import cogent.train.objective.Objective;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a training takes.
 *
 * @param rows what it trains on: rows, or pairs
 * @param prompt mean tokens of a prompt
 * @param completion mean tokens of a completion, of one side of a pair
 * @param sequences sequences that one row makes: 2 for a pair
 * @param lengths tokens of rows, of all sequences together: of all in their order, or of some
 */
record TrainingEstimate(long rows, double prompt, double completion, int sequences, Lengths lengths) {
    static TrainingEstimate sft(CorpusSize corpus, Path made) {
        return of(Files.exists(made) ? count(made, _ -> true) : corpus.rows(), corpus, 1);
    }

    private static TrainingEstimate of(long rows, CorpusSize corpus, int sequences) {
        double tokens = corpus.lengths().mean();
        double prompt = Math.min(corpus.prompt(), tokens);
        return new TrainingEstimate(
                rows, prompt, tokens - prompt, sequences, corpus.lengths().map(n -> sequences * n));
    }

    /** As many rows of other lengths. */
    TrainingEstimate asLongAs(TrainingEstimate other) {
        return new TrainingEstimate(rows, other.prompt, other.completion, sequences, other.lengths);
    }

    /** With what a chat template adds to every sequence. */
    TrainingEstimate in(RowFrame frame) {
        int framed = sequences * (frame.prompt() + frame.reply());
        return new TrainingEstimate(
                rows, prompt + frame.prompt(), completion + frame.reply(), sequences, lengths.map(n -> n + framed));
    }

    /** What a training makes of long rows: they are dropped, or cut. */
    TrainingEstimate within(TrainingConfig training) {
        int longest = sequences * training.maxLength();
        boolean dropped = training.truncate() == TrainingConfig.Truncate.DROP;
        Optional<Lengths> fitting = dropped ? lengths.atMost(longest) : Optional.of(lengths.upTo(longest));
        if (fitting.isEmpty()) {
            return new TrainingEstimate(0, prompt, completion, sequences, lengths);
        }
        Lengths kept = fitting.get();
        double tokens = kept.mean() / sequences;
        double asked = Math.min(prompt, tokens);
        return new TrainingEstimate(
                Math.round((double) rows * kept.tokens().length / lengths.tokens().length),
                asked,
                tokens - asked,
                sequences,
                kept);
    }

    /** Mean tokens of a row, both sides of a pair together. */
    private double rowTokens() {
        return sequences * (prompt + completion);
    }

    /**
     * Before the curation: a pair of every gap where its sides are there, rewrite over original, original over wrong, rewrite
     * over wrong. The student's own mistakes are counted once they are there.
     */
    static TrainingEstimate align(CorpusSize corpus, RunDirectory run, Recipe recipe) {
        double perRow = CurationEstimate.REWRITTEN
                + recipe.curate().distractor().perProblem() * (1 + CurationEstimate.REWRITTEN);
        Set<String> gaps = recipe.align().gaps().stream()
                .map(gap -> gap.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        Predicate<Row> taken = row -> {
            String gap = row.fields().path("gap").asString("");
            return gap.isEmpty() || gaps.contains(gap);
        };
        long rows = Files.exists(run.preferences())
                ? TrainingInputs.pairs(recipe, run).stream()
                        .filter(Files::exists)
                        .mapToLong(file -> count(file, taken))
                        .sum()
                : Math.round(corpus.rows() * perRow);
        return of(rows, corpus, 2);
    }

    /** Rows that are there; how long they are is taken from the corpus. */
    private static long count(Path file, Predicate<Row> taken) {
        try (Stream<Row> all = RowFile.open(file, _ -> {})) {
            return all.filter(taken).count();
        }
    }

    /**
     * What is left of it.
     *
     * @param seed of the recipe, which decides what rows make a batch
     * @param saved steps that are done and in a checkpoint
     * @param readings of each row beside the training itself
     */
    Estimate of(TrainingConfig training, long seed, long saved, ModelConfig model, Readings readings, Trial trial) {
        long batch = batch(training);
        long steps = steps(training);
        double seen = Math.max(0, steps - saved) * Math.min(batch, rows) * rowTokens();
        OptionalLong card = trial.card();
        TrainingMemory memory = TrainingMemory.of(training, model, sequences, 1, card);
        AtOnce load = atOnce(training, seed);
        Estimate estimate = Estimate.of("%s, %s of %,d%s%s%s"
                        .formatted(
                                Count.of(rows, sequences == 2 ? "pair" : "row"),
                                Count.of(steps, "step"),
                                batch,
                                training.maxSteps() > 0 ? "" : ", " + Count.of(training.epochs(), "epoch"),
                                saved == 0 ? "" : "; %,d of them done".formatted(saved),
                                memory.cure(load.tokens(), rowTokens())
                                        .map(cure -> "; too large for the GPU: it " + cure)
                                        .orElse("")))
                .with("rows", (double) rows)
                .with("steps", (double) steps)
                .with("tokens", seen)
                .with("memory_bytes", memory.bytes(load))
                .with(
                        "memory_bytes_of_8",
                        TrainingMemory.of(training, model, sequences, 8, card).bytes(load));
        if (card.isPresent()) {
            estimate = estimate.with("gpu_bytes", (double) card.getAsLong());
        }
        if (rows == 0) {
            return estimate;
        }
        Estimate known = estimate;
        return trial.training(training, shape(sequences == 2))
                .map(step -> {
                    double perStep =
                            Math.min(batch, rows) * (step.rowSeconds() + readings.inItsStep() * step.scoredSeconds())
                                    + step.updateSeconds();
                    double scored = readings.before() * Math.min(rows, steps * batch) * step.scoredSeconds();
                    return known.with("tokens_per_second", Math.min(batch, rows) * rowTokens() / perStep)
                            .with(
                                    "seconds",
                                    Math.max(0, steps - saved) * perStep
                                            + step.firstSeconds()
                                            + scored
                                            + trial.seconds(
                                                    written(training, model, steps - saved),
                                                    (2 + readings.before()) * weights(model)))
                            .measured();
                })
                .orElse(known);
    }

    private long batch(TrainingConfig training) {
        return training.batchTokens() > 0
                ? Math.max(1, Math.round(training.batchTokens() / rowTokens()))
                : training.batchSize();
    }

    long steps(TrainingConfig training) {
        return training.maxSteps() > 0 ? training.maxSteps() : training.epochs() * Math.ceilDiv(rows, batch(training));
    }

    /** Bytes of its checkpoints, each with two moments beside the weights, and of the model; those of an adapter are few. */
    static double written(TrainingConfig training, ModelConfig model, long steps) {
        long checkpoints = Math.ceilDiv(Math.max(0, steps), training.checkpointSteps());
        return weights(model) * (training.lora().rank() > 0 ? 1 : 1 + 3.0 * checkpoints);
    }

    /** Their bytes: a stage knows by them what it began from, so does its checkpoint, and so does each reading before it. */
    static double weights(ModelConfig model) {
        return (double) Float.BYTES * ParameterShapes.count(model);
    }

    /**
     * How often a row is read without learning from it.
     *
     * @param before the first step, by a reference or a judge
     * @param inItsStep by the policy, to see its margins or its divergence
     */
    record Readings(int before, int inItsStep) {
        static final Readings NONE = new Readings(0, 0);

        /** @param judged whether a reward model says what the pairs count */
        static Readings of(AlignConfig align, boolean judged) {
            Objective objective = Objectives.of(align);
            int kl = objective.usesKl() ? 1 : 0;
            int dynamic = align.objective().equals("beta-dpo") ? 1 : 0;
            return new Readings((objective.usesReference() ? 1 : 0) + (judged ? 1 : 0) + kl, kl + dynamic);
        }
    }

    /** A row as long as they are on average. */
    TrialStep.Shape shape(boolean pair) {
        return new TrialStep.Shape(
                (int) Math.max(1, Math.round(prompt)), (int) Math.max(2, Math.round(completion)), pair);
    }

    AtOnce atOnce(TrainingConfig training, long seed) {
        return AtOnce.of(training, seed, rows, lengths, sequences, prompt);
    }
}
