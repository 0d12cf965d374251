package cogent.train.loop;

import cogent.data.InputException;
import cogent.data.Sha256;
import cogent.model.tensor.DeviceMemory;
import cogent.model.tensor.LibTorch;
import cogent.train.forward.GemmPeak;
import cogent.train.forward.GpuMemory;
import cogent.train.forward.ProcessMemory;
import cogent.train.forward.TrainableModel;
import cogent.train.forward.Work;
import cogent.train.optim.AdamW;
import cogent.train.state.Checkpoints;
import cogent.train.state.MetricsLog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
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
 *     … gradients of these rows …
 *     run.update(loss, work, metrics);
 *     if (run.evaluates()) run.evaluated(…);
 *     run.saveIfDue();
 * }
 * return run.end();
 * }</pre>
 */
public final class TrainingRun implements AutoCloseable {
    /** With {@link OnNan#SKIP}: weights that give nothing finite so often are spoiled. */
    private static final int SKIPPED_IN_A_ROW = 10;

    private final TrainSettings settings;
    private final TrainableModel model;
    private final String identity;
    private final BatchPlan plan;
    private final AdamW adamW;
    private final Checkpoints checkpoints;
    private final MetricsLog log;
    private final Consumer<TrainingProgress> progress;
    private final IntFunction<String> rowId;
    private int step;
    private int savedStep;
    private int skipped;
    private int skippedInARow;
    private int microBatchTokens;
    private boolean halved;
    private long tokens;
    private List<Double> carried = List.of();
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
     * @param identity everything else that the result depends on (objective, digest of the rows)
     * @param rowTokens tokens of a row
     * @param rowId id of a row, for messages
     */
    public TrainingRun(
            TrainableModel model,
            TrainSettings settings,
            TrainFiles files,
            String identity,
            int rows,
            IntUnaryOperator rowTokens,
            IntFunction<String> rowId,
            Consumer<TrainingProgress> progress) {
        this.settings = settings;
        this.model = model;
        this.rowId = rowId;
        this.progress = progress;
        this.plan = new BatchPlan(settings, rows, rowTokens);
        this.identity = Sha256.hex(settings.thatDecideTheResult() + identity + model.digest());
        this.batch = plan.at(0);
        this.microBatchTokens = settings.compute().microBatchTokens();
        model.gradientsOn();
        this.checkpoints = new Checkpoints(files.checkpoints(), settings.keep());
        this.adamW = new AdamW(model.parameters(), settings.optimiser());
        Checkpoints.Resumed resumed = checkpoints.resume(this.identity, model.parameters(), adamW.moments());
        this.note = String.join(". ", resumed.damage());
        Checkpoints.@Nullable State state = resumed.state();
        this.log = new MetricsLog(files.metrics(), state == null ? 0 : state.metricsPosition());
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

    /** Whether steps are left to take: neither all taken, nor held-out rows without improvement for too long. */
    public boolean goesOn() {
        boolean patient = settings.holdOut().patience() == 0
                || best == null
                || best.since() < settings.holdOut().patience();
        return step < plan.totalSteps() && patient;
    }

    /** Steps taken so far. */
    public int step() {
        return step;
    }

    /** Clears the gradients and gives the rows of the next step. Random draws of the step depend on seed and step alone. */
    public int[] nextBatch() {
        startedAt = System.nanoTime();
        begin();
        batch = plan.at(step);
        return batch.rows();
    }

    private void begin() {
        model.clearGradients();
        LibTorch.manualSeed(settings.seed() * 1_000_003 + step);
    }

    /** Tokens that go through the model at once: as set, until {@link #halveAfter}. */
    public int microBatchTokens() {
        return microBatchTokens;
    }

    /**
     * Lets the step begin again with half as many tokens at once, where a GPU's memory was full for the first time; from here on
     * the run stays with that, and says so.
     *
     * @throws InputException when it was full again; says which settings take less
     * @throws RuntimeException the error itself, when it is another
     */
    public void halveAfter(RuntimeException error) {
        if (!DeviceMemory.wasFull(error)) {
            throw error;
        }
        int half = Math.max(1, microBatchTokens / 2);
        String knobs = settings.compute().recompute() == 0 ? "recompute: 1" : "a shorter max_length, or lora.rank: 16";
        if (halved) {
            throw new InputException(
                    "step %d: the GPU's memory is full with %,d tokens at once too. Set %s; then micro_batch_tokens: %d (%s)"
                            .formatted(step + 1, microBatchTokens, knobs, half, firstLine(error)),
                    error);
        }
        halved = true;
        tell("step %d: the GPU's memory was full with micro_batch_tokens: %d; went on with %d (%s)"
                .formatted(step + 1, microBatchTokens, half, firstLine(error)));
        microBatchTokens = half;
        begin();
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

    /** @param values what the objective wants to have again at the next step, after a resume too */
    public void carry(List<Double> values) {
        carried = values;
    }

    /**
     * Clips the gradients and moves the weights.
     *
     * @throws DivergedException when loss or gradient is not finite and steps are not to be skipped; the weights are then as
     *     before the step
     */
    public void update(double batchLoss, Work work, Map<String, Double> metrics) {
        double norm = adamW.clip();
        boolean finite = Double.isFinite(batchLoss) && Double.isFinite(norm);
        double learningRate = settings.optimiser().learningRate(step, plan.totalSteps());
        if (finite) {
            adamW.step(learningRate);
            skippedInARow = 0;
        } else {
            skip(batchLoss, norm);
        }
        step++;
        loss = batchLoss;
        tokens += work.tokens();
        line = new LinkedHashMap<>();
        line.put("step", (double) step);
        line.put("epoch", batch.epoch());
        line.put("loss", loss);
        line.put("grad_norm", norm);
        line.put("learning_rate", learningRate);
        line.put("num_tokens", (double) tokens);
        line.putAll(metrics);
        if (skipped > 0) {
            line.put("skipped_steps", (double) skipped);
        }
        double seconds = (System.nanoTime() - startedAt) / 1e9;
        line.put("tokens_per_second", work.tokens() / seconds);
        line.put(
                "mfu",
                work.flops(model.config())
                        / seconds
                        / GemmPeak.flops(model.device(), model.decoder().compute()));
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
        if (best == null || score > best.score()) {
            best = new Checkpoints.Best(step, score, 0);
            newBest = true;
        } else {
            best = new Checkpoints.Best(best.step(), best.score(), best.since() + 1);
        }
    }

    /** Logs the step, and saves a checkpoint where one is due; a new best one always is. */
    public void saveIfDue() {
        log.write(line);
        progress.accept(new TrainingProgress(step, plan.totalSteps(), line, note));
        note = "";
        if (step % settings.saveEvery() == 0
                || !goesOn()
                || (newBest && settings.holdOut().best())) {
            save();
        }
        newBest = false;
    }

    private void save() {
        checkpoints.save(
                new Checkpoints.State(step, tokens, log.sync(), carried, skipped, best, identity),
                model.parameters(),
                adamW.moments());
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
        log.close();
        adamW.close();
        model.gradientsOff();
    }
}
