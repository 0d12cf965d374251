package cogent.train;

import cogent.model.LanguageModel;
import cogent.tensor.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;

/**
 * What SFT and alignment share around their loops: batches, optimiser, checkpoints, metrics. The loops call it step by
 * step; it calls nobody back.
 */
final class TrainingRun implements AutoCloseable {
    private final TrainSettings settings;
    private final LanguageModel model;
    private final String identity;
    private final BatchPlan plan;
    private final AdamW adamW;
    private final Checkpoints checkpoints;
    private final MetricsLog log;
    private final Consumer<Progress> progress;
    private final IntFunction<String> rowId;
    private int step;
    private long tokens;
    private int savedStep;
    private List<Double> carried = List.of();
    private BatchPlan.Batch batch;
    private double loss = Double.NaN;
    private long startedAt;

    /**
     * Opens a run at its newest checkpoint, or at its beginning.
     *
     * @param identity everything else that the result depends on (objective, digest of the rows)
     * @param rowTokens tokens of a row
     * @param rowId id of a row, for messages
     */
    TrainingRun(
            LanguageModel model,
            TrainSettings settings,
            TrainFiles files,
            String identity,
            int rows,
            IntUnaryOperator rowTokens,
            IntFunction<String> rowId,
            Consumer<Progress> progress) {
        if (model.decoder().embedding().dtype() != DType.F32) {
            throw new IllegalArgumentException("training needs weights in single precision; load the model as F32");
        }
        this.settings = settings;
        this.model = model;
        this.rowId = rowId;
        this.progress = progress;
        this.plan = new BatchPlan(settings, rows, rowTokens);
        this.identity = Digests.of(settings.thatDecideTheResult() + identity + Digests.of(model.parameters()));
        this.batch = plan.at(0);
        Gradients.on(model);
        this.checkpoints = new Checkpoints(files.checkpoints(), settings.keep());
        this.adamW = new AdamW(model.parameters(), settings.optimiser());
        Optional<Checkpoints.State> saved = checkpoints.resume(this.identity, model.parameters(), adamW.moments());
        this.log = new MetricsLog(
                files.metrics(), saved.map(Checkpoints.State::metricsPosition).orElse(0L));
        saved.ifPresent(state -> {
            step = state.step();
            tokens = state.tokens();
            savedStep = step;
            carried = state.carried();
            adamW.resume(step);
        });
    }

    /** Whether steps are left to take. */
    boolean goesOn() {
        return step < plan.totalSteps();
    }

    /** Steps taken so far. */
    int step() {
        return step;
    }

    /** Clears the gradients and gives the rows of the next step. */
    int[] nextBatch() {
        startedAt = System.nanoTime();
        Gradients.clear(model);
        batch = plan.at(step);
        return batch.rows();
    }

    /** What the objective carries from step to step; empty before the first. */
    List<Double> carried() {
        return carried;
    }

    void carry(List<Double> values) {
        carried = values;
    }

    /**
     * Clips the gradients and moves the weights.
     *
     * @throws DivergedException when loss or gradient is not finite; the weights are then as before the step
     */
    void update(double batchLoss, long batchTokens, Map<String, Double> metrics) {
        double norm = adamW.clip();
        if (!Double.isFinite(batchLoss) || !Double.isFinite(norm)) {
            throw diverged(batchLoss, norm);
        }
        double learningRate = settings.optimiser().learningRate(step, plan.totalSteps());
        adamW.step(learningRate);
        step++;
        loss = batchLoss;
        tokens += batchTokens;
        log(learningRate, norm, batchTokens, metrics);
        if (step % settings.saveEvery() == 0 || !goesOn()) {
            save();
        }
    }

    private void log(double learningRate, double norm, long batchTokens, Map<String, Double> metrics) {
        Map<String, Double> line = new LinkedHashMap<>();
        line.put("step", (double) step);
        line.put("epoch", batch.epoch());
        line.put("loss", loss);
        line.put("grad_norm", norm);
        line.put("learning_rate", learningRate);
        line.put("num_tokens", (double) tokens);
        line.putAll(metrics);
        line.put("tokens_per_second", batchTokens * 1e9 / (System.nanoTime() - startedAt));
        log.write(line);
        progress.accept(new Progress(step, plan.totalSteps(), line));
    }

    private void save() {
        checkpoints.save(
                new Checkpoints.State(step, tokens, log.sync(), carried, identity),
                model.parameters(),
                adamW.moments());
        savedStep = step;
    }

    /** Saves where the run stands, if that is not saved yet. */
    Outcome end() {
        if (savedStep < step || checkpoints.latest().isEmpty()) {
            save();
        }
        return new Outcome(
                goesOn(), step, plan.totalSteps(), loss, checkpoints.latest().orElseThrow());
    }

    private DivergedException diverged(double batchLoss, double norm) {
        List<String> ids = new ArrayList<>();
        for (int row : batch.rows()) {
            ids.add(rowId.apply(row));
        }
        return new DivergedException("step " + (step + 1) + ": loss " + batchLoss + ", gradient norm " + norm
                + "; rows of the step: " + String.join(", ", ids) + ". "
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
        Gradients.off(model);
    }
}
