package cogent.train.loop;

import cogent.train.forward.Compute;
import cogent.train.optim.OptimiserSettings;
import cogent.train.rows.BatchSize;
import java.util.OptionalInt;

/**
 * What every training run needs to know.
 *
 * @param epochs passes over the rows, at least 1
 * @param maxSteps where given, the number of optimiser steps, whatever the epochs say
 * @param batch rows of one optimiser step
 * @param compute how a step is computed
 * @param optimiser AdamW and its learning rate
 * @param seed decides the order of the rows
 * @param saveEvery steps between checkpoints, at least 1; the end of the run is saved as well
 * @param keep how many of the latest checkpoints stay on disk, at least 1; the best one stays besides
 * @param holdOut evaluation while training
 * @param onNan what becomes of a step that is not finite
 */
public record TrainSettings(
        int epochs,
        OptionalInt maxSteps,
        BatchSize batch,
        Compute compute,
        OptimiserSettings optimiser,
        long seed,
        int saveEvery,
        int keep,
        HoldOut holdOut,
        OnNan onNan) {
    public TrainSettings {
        require(epochs, "epochs");
        require(maxSteps.orElse(1), "steps");
        require(saveEvery, "steps between checkpoints");
        require(keep, "checkpoints to keep");
    }

    /** Supervised fine-tuning as the paper's authors publish it: 3 epochs, 8 rows a step, learning rate 2e-5. */
    public static TrainSettings sft() {
        return of(3, 2e-5);
    }

    /** Preference alignment: 1 epoch, 8 pairs a step, learning rate 1e-6 (TRL's default; the authors give none). */
    public static TrainSettings align() {
        return of(1, 1e-6);
    }

    private static TrainSettings of(int epochs, double learningRate) {
        return new TrainSettings(
                epochs,
                OptionalInt.empty(),
                new BatchSize.Rows(8),
                Compute.standard(),
                OptimiserSettings.of(learningRate),
                42,
                100,
                2,
                HoldOut.NONE,
                OnNan.STOP);
    }

    public TrainSettings withEpochs(int passes) {
        return new TrainSettings(passes, maxSteps, batch, compute, optimiser, seed, saveEvery, keep, holdOut, onNan);
    }

    public TrainSettings withMaxSteps(int steps) {
        return new TrainSettings(
                epochs, OptionalInt.of(steps), batch, compute, optimiser, seed, saveEvery, keep, holdOut, onNan);
    }

    public TrainSettings withBatch(BatchSize size) {
        return new TrainSettings(epochs, maxSteps, size, compute, optimiser, seed, saveEvery, keep, holdOut, onNan);
    }

    public TrainSettings withCompute(Compute how) {
        return new TrainSettings(epochs, maxSteps, batch, how, optimiser, seed, saveEvery, keep, holdOut, onNan);
    }

    public TrainSettings withMicroBatchTokens(int tokens) {
        return withCompute(new Compute(tokens, compute.layout(), compute.recompute(), compute.shardOptimiser()));
    }

    public TrainSettings withOptimiser(OptimiserSettings settings) {
        return new TrainSettings(epochs, maxSteps, batch, compute, settings, seed, saveEvery, keep, holdOut, onNan);
    }

    public TrainSettings withSeed(long other) {
        return new TrainSettings(epochs, maxSteps, batch, compute, optimiser, other, saveEvery, keep, holdOut, onNan);
    }

    public TrainSettings withCheckpoints(int every, int kept) {
        return new TrainSettings(epochs, maxSteps, batch, compute, optimiser, seed, every, kept, holdOut, onNan);
    }

    public TrainSettings withHoldOut(HoldOut settings) {
        return new TrainSettings(epochs, maxSteps, batch, compute, optimiser, seed, saveEvery, keep, settings, onNan);
    }

    public TrainSettings withOnNan(OnNan policy) {
        return new TrainSettings(epochs, maxSteps, batch, compute, optimiser, seed, saveEvery, keep, holdOut, policy);
    }

    /** In words, without what only says when to save and how to compute. */
    String thatDecideTheResult() {
        return withCheckpoints(1, 1).withCompute(Compute.standard()).toString();
    }

    private static void require(int value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, not " + value);
        }
    }
}
