package cogent.train.loop;

import cogent.data.InputException;
import cogent.data.Sha256;
import cogent.model.tensor.DeviceMemory;
import cogent.model.tensor.LibTorch;
import cogent.model.tensor.Ranks;
import cogent.model.tensor.Scope;
import cogent.train.forward.GemmPeak;
import cogent.train.forward.GpuMemory;
import cogent.train.forward.ProcessMemory;
import cogent.train.forward.TrainableModel;
import cogent.train.forward.Work;
import cogent.train.optim.AdamW;
import cogent.train.parallel.Deal;
import cogent.train.parallel.GradientSum;
import cogent.train.parallel.RowRange;
import cogent.train.rows.BatchSize;
import cogent.train.state.Checkpoints;
import cogent.train.state.MetricsLog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What SFT and alignment share around their loops: batches, optimiser, checkpoints, metrics. The loops call it step by
 * step; it calls nobody back:
 *
 * <pre>{@code
 * while (run.goesOn()) {
 *     int[] rows = run.nextBatch();
 *     do {
 *         try {
 *             for (int[] part : run.parts(rows)) {
 *                 … gradients of these rows, with run::layerDone …
 *             }
 *         } catch (RuntimeException e) {
 *             run.memoryWasFull(e);
 *         }
 *     } while (run.beginsAgain());
 *     run.update(loss, work, metrics);
 *     if (run.evaluates()) run.evaluated(…);
 *     run.saveIfDue();
 * }
 * return run.end();
 * }</pre>
 *
 * <p>Among several {@link Ranks} each has parts of its own, and gradients, loss and metrics of its parts become those of the
 * whole batch by addition. The first rank alone writes metrics and tells of progress.
 */
public final class TrainingRun implements AutoCloseable {
    /** With {@link OnNan#SKIP}: weights that give nothing finite so often are spoiled. */
    private static final int SKIPPED_IN_A_ROW = 10;

    private final TrainSettings settings;
    private final TrainableModel model;
    private final Ranks ranks;
    private final String identity;
    private final IntUnaryOperator rowTokens;
    private final BatchPlan plan;
    private final GradientSum gradients;
    private final AdamW adamW;
    private final Checkpoints checkpoints;

    /** Null on all ranks but the first. */
    private final @Nullable MetricsLog log;

    private final Consumer<TrainingProgress> progress;
    private final IntFunction<String> rowId;
    private int step;
    private int savedStep;
    private int skipped;
    private int skippedInARow;
    private int microBatchTokens;
    private @Nullable RuntimeException full;
    private boolean halved;
    private long tokens;
    private List<Double> carried = List.of();
    private List<Double> carriedBefore = List.of();
    private Checkpoints.@Nullable Best best;
    private boolean newBest;
    private BatchPlan.Batch batch;
    private Map<String, Double> line = new LinkedHashMap<>();
    private String note = "";
    private double loss = Double.NaN;
    private long startedAt;

    /**
     * Opens a run at its newest checkpoint, or at its beginning.
     *
     * @param ranks that train together; all of them with equal models, rows and settings
     * @param identity everything else that the result depends on (objective, digest of the rows)
     * @param rowTokens tokens of a row
     * @param rowId id of a row, for messages
     */
    public TrainingRun(
            TrainableModel model,
            Ranks ranks,
            TrainSettings settings,
            TrainFiles files,
            String identity,
            int rows,
            IntUnaryOperator rowTokens,
            IntFunction<String> rowId,
            Consumer<TrainingProgress> progress) {
        this.settings = settings;
        this.model = model;
        this.ranks = ranks;
        this.rowTokens = rowTokens;
        this.rowId = rowId;
        this.progress = progress;
        this.plan = new BatchPlan(settings, rows, rowTokens);
        this.identity = Sha256.hex(settings.thatDecideTheResult() + identity + model.digest());
        this.batch = plan.at(0);
        this.microBatchTokens = settings.compute().microBatchTokens();
        requireSame(ranks, this.identity);
        model.gradientsOn();
        this.gradients = new GradientSum(model, ranks, settings.compute().shardOptimiser());
        this.adamW = new AdamW(gradients.moved(), settings.optimiser());
        try {
            this.log = ranks.isFirst() ? new MetricsLog(files.metrics()) : null;
            this.checkpoints = new Checkpoints(files.checkpoints(), settings.keep(), ranks);
            resume();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void resume() {
        Checkpoints.Resumed resumed = checkpoints.resume(identity, model.parameters(), adamW.moments());
        note = String.join(". ", resumed.damage());
        Checkpoints.@Nullable State state = resumed.state();
        if (log != null) {
            log.truncate(state == null ? 0 : state.metricsPosition());
        }
        if (state != null) {
            step = state.step();
            savedStep = step;
            tokens = state.tokens();
            carried = state.carried();
            skipped = state.skipped();
            best = state.best();
            adamW.resume(step - skipped);
        }
    }

    /** Ranks that differ would train to nonsense without a word. */
    private static void requireSame(Ranks ranks, String identity) {
        double[] all = new double[ranks.count()];
        all[ranks.rank()] = Long.parseLong(identity.substring(0, 12), 16); // exact in a double
        all = ranks.sum(all);
        for (int rank = 1; rank < all.length; rank++) {
            if (all[rank] != all[0]) {
                throw new InputException("rank " + rank + " has other rows, settings or starting weights than rank 0:"
                        + " give all ranks the same recipe and the same files");
            }
        }
    }

    /** Whether steps are left to take: neither all taken, nor held-out rows without improvement for too long. */
    public boolean goesOn() {
        boolean patient = settings.holdOut().patience() == 0
                || best == null
                || best.since() < settings.holdOut().patience();
        return step < plan.totalSteps() && patient;
    }

    /** Whether any rank was asked to stop, or its thread interrupted: all then do, after the same step. */
    public boolean stops(BooleanSupplier stop) {
        ranks.at("the beginning of step " + (step + 1));
        return ranks.sum(stop.getAsBoolean() || Thread.currentThread().isInterrupted() ? 1 : 0)[0] > 0;
    }

    /** Steps taken so far. */
    public int step() {
        return step;
    }

    /**
     * Clears the gradients and gives the rows of the next step, those of all ranks. Random draws of the step depend on seed,
     * step and rank alone.
     */
    public int[] nextBatch() {
        startedAt = System.nanoTime();
        begin();
        batch = plan.at(step);
        carriedBefore = carried;
        return batch.rows();
    }

    /** This rank's share of a batch. */
    public int[] own(int[] rows) {
        return Deal.own(rows, rowTokens, ranks);
    }

    private void begin() {
        model.clearGradients();
        LibTorch.manualSeed((settings.seed() * 1_000_003 + step) ^ ((long) ranks.rank() << 40));
    }

    /**
     * {@link #own} rows of a batch, in parts that go through the model one after the other, of at most so many tokens as are set or
     * {@link #beginsAgain} has left; every part goes back through it once, and tells {@link #layerDone}.
     */
    public List<int[]> parts(int[] rows) {
        List<int[]> parts = BatchSize.split(own(rows), rowTokens, microBatchTokens);
        gradients.begin(parts.size());
        return parts;
    }

    /** A backward pass has done with this layer and those behind it; -1: with all. What is complete goes to the other ranks. */
    public void layerDone(int layer) {
        gradients.layerDone(layer);
    }

    /**
     * Keeps an error of the step that says that a GPU's memory was full, for {@link #beginsAgain} to deal with.
     *
     * @throws RuntimeException the error itself, when it is another
     */
    public void memoryWasFull(RuntimeException error) {
        if (!DeviceMemory.wasFull(error)) {
            throw error;
        }
        full = error;
        model.clearGradients(); // before anything more is asked for: the others get zeros for what this rank still
        // owes them
        releaseMemory();
    }

    /**
     * Waits for the gradients of all ranks. Whether the memory of one of them was full for the first time, so that the step
     * begins again with half as many tokens at once, on all; the run stays with that from here on, and says so.
     *
     * @throws InputException when it was full again; says which settings take less
     */
    public boolean beginsAgain() {
        ranks.at("step " + (step + 1));
        gradients.finish();
        if (ranks.sum(full == null ? 0 : 1)[0] == 0) {
            return false;
        }
        int half = Math.max(1, microBatchTokens / 2);
        RuntimeException error =
                Objects.requireNonNullElseGet(full, () -> new IllegalStateException("another rank's memory"));
        if (halved) {
            String knobs =
                    settings.compute().recompute() == 0 ? "recompute: 1" : "a shorter max_length, or lora.rank: 16";
            throw new InputException(
                    "step %d: the GPU's memory is full with %,d tokens at once too. Set %s; then micro_batch_tokens: %d (%s)"
                            .formatted(step + 1, microBatchTokens, knobs, half, firstLine(error)),
                    error);
        }
        halved = true;
        tell("step %d: the GPU's memory was full with micro_batch_tokens: %d; went on with %d (%s)"
                .formatted(step + 1, microBatchTokens, half, firstLine(error)));
        microBatchTokens = half;
        full = null;
        begin();
        releaseMemory();
        return true;
    }

    private void releaseMemory() {
        if (!model.device().isCpu()) {
            DeviceMemory.release();
        }
    }

    private static String firstLine(RuntimeException error) {
        return String.valueOf(error.getMessage()).lines().findFirst().orElse("");
    }

    private void tell(String what) {
        note = (note.isEmpty() ? "" : note + ". ") + what;
    }

    /** What the objective carries from step to step; empty before the first. */
    public List<Double> carried() {
        return carried;
    }

    /**
     * @param values what the objective wants to have again at the next step, after a resume too; of a step that is skipped nothing
     *     stays
     */
    public void carry(List<Double> values) {
        carried = values;
    }

    /**
     * Brings the gradients of all ranks together, clips them and moves the weights.
     *
     * @param batchLoss this rank's part of the batch's loss: the sum over the ranks is the loss
     * @param work this rank's
     * @param metrics this rank's parts of the batch's metrics, of the same names on all ranks
     * @throws DivergedException when loss or gradient is not finite and steps are not to be skipped; the weights are then as
     *     before the step
     */
    public void update(double batchLoss, Work work, Map<String, Double> metrics) {
        gradients.finish();
        Totals all = Totals.of(ranks, batchLoss, work, metrics);
        double norm = gradients.norm(adamW.norm());
        boolean finite = Double.isFinite(all.loss()) && Double.isFinite(norm);
        double learningRate = settings.optimiser().learningRate(step, plan.totalSteps());
        if (finite) {
            adamW.clip(norm);
            adamW.step(learningRate);
            gradients.share();
            skippedInARow = 0;
        } else {
            skip(all.loss(), norm);
        }
        step++;
        loss = all.loss();
        tokens += all.work().tokens();
        line = new LinkedHashMap<>();
        line.put("step", (double) step);
        line.put("epoch", batch.epoch());
        line.put("loss", loss);
        line.put("grad_norm", norm);
        line.put("learning_rate", learningRate);
        line.put("num_tokens", (double) tokens);
        line.putAll(all.metrics());
        if (skipped > 0) {
            line.put("skipped_steps", (double) skipped);
        }
        double seconds = (System.nanoTime() - startedAt) / 1e9;
        line.put("tokens_per_second", all.work().tokens() / seconds);
        line.put(
                "mfu",
                GemmPeak.share(
                        all.work().flops(model.config(), model.trained()) / ranks.count() / seconds,
                        model.device(),
                        model.decoder().compute()));
        line.putAll(ProcessMemory.mib());
        line.putAll(GpuMemory.mib(model.device()));
    }

    /** Whether the step that was just taken is followed by an evaluation of the held-out rows. */
    public boolean evaluates() {
        int every = settings.holdOut().every();
        return every > 0 && (step % every == 0 || step == plan.totalSteps());
    }

    /** @param metrics of the held-out rows, under names that begin with {@code eval_} */
    public void evaluated(Map<String, Double> metrics) {
        line.putAll(metrics);
        double score = settings.holdOut().metric().score(metrics);
        if (!Double.isFinite(score)) {
            tell("step " + step + ": the held-out rows come to " + score + ", so that this step cannot be the best");
        }
        if (Double.isFinite(score) && (best == null || score > best.score())) {
            best = new Checkpoints.Best(step, score, 0);
            newBest = true;
        } else if (best != null) {
            best = new Checkpoints.Best(best.step(), best.score(), best.since() + 1);
        }
    }

    /** Logs the step, and saves a checkpoint where one is due; a new best one always is. */
    public void saveIfDue() {
        if (log != null) {
            log.write(line);
            progress.accept(new TrainingProgress(step, plan.totalSteps(), line, note));
        }
        note = "";
        if (step % settings.saveEvery() == 0
                || !goesOn()
                || (newBest && settings.holdOut().best())) {
            save();
        }
        newBest = false;
    }

    private void save() {
        ranks.at("the checkpoint of step " + step);
        try (Scope _ = Scope.open()) {
            checkpoints.save(
                    new Checkpoints.State(step, tokens, log == null ? 0 : log.sync(), carried, skipped, best, identity),
                    RowRange.own(model.parameters(), ranks),
                    gradients.isSharded() ? adamW.moments() : RowRange.own(adamW.moments(), ranks));
        }
        savedStep = step;
    }

    /** Saves where the run stands, if that is not saved yet; at the end the best weights take their place if asked for. */
    public TrainingOutcome end() {
        if (savedStep < step || checkpoints.latest().isEmpty()) {
            save();
        }
        OptionalInt chosen = OptionalInt.empty();
        if (!goesOn() && best != null && settings.holdOut().best()) {
            checkpoints.restoreWeights(best.step(), model.parameters());
            chosen = OptionalInt.of(best.step());
        }
        return new TrainingOutcome(
                goesOn(), step, plan.totalSteps(), loss, checkpoints.latest().orElseThrow(), chosen, skipped);
    }

    private void skip(double batchLoss, double norm) {
        List<String> ids = new ArrayList<>();
        for (int row : batch.rows()) {
            ids.add(rowId.apply(row));
        }
        String what = "step " + (step + 1) + ": loss " + batchLoss + ", gradient norm " + norm + "; rows of the step: "
                + String.join(", ", ids);
        skipped++;
        skippedInARow++;
        carried = carriedBefore;
        if (settings.onNan() == OnNan.SKIP && skippedInARow <= SKIPPED_IN_A_ROW) {
            tell(what + ". Skipped");
            return;
        }
        throw new DivergedException(what + ". "
                + checkpoints
                        .latest()
                        .map(path -> "Last good checkpoint: " + path)
                        .orElse("No checkpoint yet")
                + ". A lower learning rate or another data order may help");
    }

    @Override
    public void close() {
        if (log != null) {
            log.close();
        }
        adamW.close();
        gradients.close();
        model.gradientsOff();
    }
}
