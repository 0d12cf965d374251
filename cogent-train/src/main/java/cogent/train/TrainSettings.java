package cogent.train;

import java.util.OptionalInt;

/**
 * What every training run needs to know.
 *
 * @param epochs passes over the rows, at least 1
 * @param maxSteps where given, the number of optimiser steps, whatever the epochs say
 * @param batch rows of one optimiser step
 * @param microBatchTokens tokens that go through the model at once; larger batches are accumulated, with the gradient
 *     that the whole batch would have
 * @param optimiser AdamW and its learning rate
 * @param seed decides the order of the rows
 * @param saveEvery steps between checkpoints, at least 1; the end of the run is saved as well
 * @param keep how many of the latest checkpoints stay on disk, at least 1
 */
public record TrainSettings(
        int epochs,
        OptionalInt maxSteps,
        BatchSize batch,
        int microBatchTokens,
        OptimiserSettings optimiser,
        long seed,
        int saveEvery,
        int keep) {
    public TrainSettings {
        require(epochs, "epochs");
        require(maxSteps.orElse(1), "steps");
        require(microBatchTokens, "micro-batch tokens");
        require(saveEvery, "steps between checkpoints");
        require(keep, "checkpoints to keep");
    }

    /** Supervised fine-tuning as the paper's authors publish it: 3 epochs, 8 rows a step, learning rate 2e-5. */
    public static TrainSettings sft() {
        return new TrainSettings(
                3, OptionalInt.empty(), new BatchSize.Rows(8), 8192, OptimiserSettings.of(2e-5), 42, 100, 2);
    }

    /** Preference alignment: 1 epoch, 8 pairs a step, learning rate 1e-6 (TRL's default; the authors give none). */
    public static TrainSettings align() {
        return new TrainSettings(
                1, OptionalInt.empty(), new BatchSize.Rows(8), 8192, OptimiserSettings.of(1e-6), 42, 100, 2);
    }

    public TrainSettings withEpochs(int passes) {
        return new TrainSettings(passes, maxSteps, batch, microBatchTokens, optimiser, seed, saveEvery, keep);
    }

    public TrainSettings withMaxSteps(int steps) {
        return new TrainSettings(
                epochs, OptionalInt.of(steps), batch, microBatchTokens, optimiser, seed, saveEvery, keep);
    }

    public TrainSettings withBatch(BatchSize size) {
        return new TrainSettings(epochs, maxSteps, size, microBatchTokens, optimiser, seed, saveEvery, keep);
    }

    public TrainSettings withMicroBatchTokens(int tokens) {
        return new TrainSettings(epochs, maxSteps, batch, tokens, optimiser, seed, saveEvery, keep);
    }

    public TrainSettings withOptimiser(OptimiserSettings settings) {
        return new TrainSettings(epochs, maxSteps, batch, microBatchTokens, settings, seed, saveEvery, keep);
    }

    public TrainSettings withSeed(long other) {
        return new TrainSettings(epochs, maxSteps, batch, microBatchTokens, optimiser, other, saveEvery, keep);
    }

    public TrainSettings withCheckpoints(int every, int kept) {
        return new TrainSettings(epochs, maxSteps, batch, microBatchTokens, optimiser, seed, every, kept);
    }

    /** In words, without what only says when to save. */
    String thatDecideTheResult() {
        return withCheckpoints(1, 1).toString();
    }

    private static void require(int value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, not " + value);
        }
    }
}
