package cogent.pipeline.plan;

import cogent.model.hf.ModelConfig;
import cogent.model.hf.ParameterShapes;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a training holds at once, by arithmetic; within a tenth of what was measured (docs/performance.md).
 *
 * @param adapter whether only a low-rank adapter is trained
 * @param half whether products are in bf16
 * @param recompute of the recipe
 * @param sharing processes over which gradients and AdamW's moments lie (shard_optimiser)
 * @param card bytes of the GPU that trains; empty on a CPU
 */
record TrainingMemory(
        ModelConfig model,
        boolean adapter,
        boolean half,
        int recompute,
        boolean pairs,
        int sharing,
        OptionalLong card) {
    private static final double FLOAT = Float.BYTES;
    private static final double HALF = Short.BYTES;

    /** What CUDA and its libraries take of a card. */
    private static final double CONTEXT_BYTES = 1L << 30;

    /** Rows of logits that a CPU's head has at once. */
    private static final double HEAD_ROWS = 512;

    /** The head of a GPU takes this share of it for logits, and half as much again and once more for what is made of them. */
    private static final double HEAD_SHARE = 2.5 / 64;

    /** The most of a card that the slopes of pairs may take. */
    private static final double SLOPES_SHARE = 1.0 / 8;

    /** How many times its projections the scan of one layer that remembers holds on the way back, in F32: estimated from one measurement. */
    private static final double SCAN = 8.3;

    /** @param tokens that go through the model at once */
    double bytes(double tokens) {
        return states() + head(tokens) + tokens * perToken();
    }

    /** Weights, gradients, moments, copies of weights in the type of the products. */
    private double states() {
        double parameters = ParameterShapes.count(model);
        double process = card.isPresent() ? CONTEXT_BYTES : Estimate.PROCESS_BYTES;
        if (adapter) { // its own weights are few; on a GPU the others lie there in the type of the products
            return process + parameters * (half ? card.isPresent() ? HALF : FLOAT + HALF : FLOAT);
        }
        return process + parameters * (FLOAT * (1 + 3.0 / sharing) + (half ? HALF : 0));
    }

    private double head(double tokens) {
        if (card.isEmpty()) {
            return 2 * FLOAT * HEAD_ROWS * model.vocabSize();
        }
        double slopes = pairs ? Math.min(SLOPES_SHARE * card.getAsLong(), HALF * tokens * model.vocabSize()) : 0;
        return HEAD_SHARE * card.getAsLong() + slopes;
    }

    /** What the layers keep for the way back: all of it, or the inputs of segments and all of one. */
    private double perToken() {
        double product = half ? HALF : FLOAT;
        double stream = FLOAT * model.hiddenSize();
        double remember = (double) model.linear().count() / model.layers();
        double queries = (model.outputGate() ? 2.0 : 1.0) * model.heads();
        double heads = product * model.headDim() * (queries + 2.0 * model.kvHeads());
        double columns =
                model.linear().widths().stream().mapToLong(Long::longValue).sum();
        double projected = (1 - remember) * heads + remember * product * columns;
        double layer =
                2 * stream + 3 * product * model.hiddenSize() + projected + 2 * product * model.feedForwardWidth();
        double scan = FLOAT * SCAN * columns;
        return scan
                + (recompute == 0
                        ? model.layers() * layer
                        : stream * Math.ceilDiv(model.layers(), recompute)
                                + Math.min(recompute, model.layers()) * layer);
    }

    private boolean fits(double tokens) {
        return card.isEmpty() || bytes(tokens) <= card.getAsLong();
    }

    /**
     * Settings with which the work fits the card, the ones that cost least first; empty where it does, or there is none.
     *
     * @param tokens that go through the model at once
     * @param row tokens of one row, which are never parted
     */
    Optional<String> cure(double tokens, double row) {
        if (fits(tokens)) {
            return Optional.empty();
        }
        TrainingMemory again = new TrainingMemory(model, adapter, half, 1, pairs, sharing, card);
        TrainingMemory small = new TrainingMemory(model, true, true, recompute, pairs, sharing, card);
        TrainingMemory smallest = new TrainingMemory(model, true, true, 1, pairs, sharing, card);
        return Optional.of(Stream.of(
                        fitting(tokens, row, ""),
                        again.fitting(tokens, row, "recompute: 1"),
                        small.fitting(tokens, row, "dtype: bf16, lora.rank: 16"),
                        smallest.fitting(tokens, row, "dtype: bf16, lora.rank: 16, recompute: 1"))
                .flatMap(Optional::stream)
                .findFirst()
                .map(settings -> "fits with " + settings)
                .orElse("no setting makes it fit: take a smaller student or max_length"));
    }

    /** The settings, and the most tokens at once with which they fit. */
    private Optional<String> fitting(double tokens, double row, String settings) {
        if (!settings.isEmpty() && fits(tokens)) {
            return Optional.of(settings);
        }
        return IntStream.iterate(Integer.highestOneBit((int) tokens), n -> n >= row && n > 0, n -> n / 2)
                .filter(n -> n < tokens && fits(n))
                .boxed()
                .findFirst()
                .map(n -> (settings.isEmpty() ? "" : settings + ", ") + "micro_batch_tokens: " + n);
    }
}
