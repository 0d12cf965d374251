package cogent.pipeline.plan;

import cogent.model.hf.ModelConfig;
import cogent.model.hf.NormPlacement;
import cogent.model.hf.ParameterShapes;
import cogent.model.hf.QkNorm;
import cogent.model.tensor.DType;
import cogent.pipeline.recipe.LoraConfig;
import cogent.pipeline.recipe.Precision;
import cogent.pipeline.recipe.TrainingConfig;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a training holds at once, by arithmetic; beside what was measured in docs/performance.md.
 *
 * @param lora of the recipe; of rank 0 where all weights are trained
 * @param half whether products are in bf16
 * @param recompute of the recipe
 * @param sharing processes over which gradients and AdamW's moments lie (shard_optimiser)
 * @param card bytes of the GPU that trains; empty on a CPU
 */
record TrainingMemory(
        ModelConfig model,
        LoraConfig lora,
        boolean half,
        int recompute,
        boolean pairs,
        int sharing,
        OptionalLong card) {
    private static final double FLOAT = Float.BYTES;
    private static final double HALF = Short.BYTES;

    /** What CUDA and its libraries take of a card. */
    private static final double CONTEXT_BYTES = 1L << 30;

    /** Rows of logits that a CPU's head has at once, and logits of small vocabularies. */
    private static final double HEAD_ROWS = 512;

    private static final double HEAD_LOGITS = 16 << 20;

    /** What the C library holds for what the layers keep: that has holes of 4 to 15 % where other tensors lay (docs/performance.md). */
    private static final double HOLES = 1.1;

    /**
     * Layers whose room the C library holds where they are computed again, however few at once: inputs that stay and work that goes
     * alternate in its pages. Measured with 1 and 6 at once: 13 and 9.
     */
    private static final int RECOMPUTED = 12;

    /** Of a layer, that an adapter may lie on. */
    private static final double MATRICES = 7;

    /** The head of a GPU takes this share of it for logits, and half as much again and once more for what is made of them. */
    private static final double HEAD_SHARE = 2.5 / 64;

    /** The most of a card that the slopes of pairs may take. */
    private static final double SLOPES_SHARE = 1.0 / 8;

    /** How many times its projections the scan of one layer that remembers holds on the way back, in F32: estimated from one measurement. */
    private static final double SCAN = 8.3;

    /**
     * Of a training of the recipe.
     *
     * @param sequences that a row makes
     */
    static TrainingMemory of(
            TrainingConfig training, ModelConfig model, int sequences, int sharing, OptionalLong card) {
        return new TrainingMemory(
                model,
                training.lora(),
                training.dtype() == Precision.BF16,
                training.recompute(),
                sequences == 2,
                sharing,
                card);
    }

    double bytes(AtOnce load) {
        return card.isPresent() ? ofCard(load.tokens()) : ofProcess(load);
    }

    /** A teacher beside it, which reads in that type, and on a CPU its logits and the student's weights, packed to write with. */
    double teacher(ModelConfig teacher, DType dtype) {
        double read = (double) dtype.bytes() * ParameterShapes.count(teacher);
        return card.isPresent()
                ? read
                : read + FLOAT * (HEAD_ROWS * teacher.vocabSize() + ParameterShapes.count(model));
    }

    /** On a GPU: the process, all states, the head, and what the layers keep. */
    private double ofCard(double tokens) {
        double slopes = pairs ? Math.min(SLOPES_SHARE * card.orElseThrow(), HALF * tokens * model.vocabSize()) : 0;
        double head = HEAD_SHARE * card.orElseThrow() + slopes;
        return CONTEXT_BYTES + weights() + moments() + gradients() + head + tokens * perToken();
    }

    /**
     * On a CPU: the layers' gradients come as what the layers kept goes, so the larger of the two counts, unless an earlier part of the
     * step has left them there. Those of embedding and output stay.
     */
    private double ofProcess(AtOnce load) {
        double tables =
                trainsAll() ? FLOAT * model.vocabSize() * model.hiddenSize() * (model.tiedEmbeddings() ? 1 : 2) : 0;
        double gradients = Math.max(0, gradients() - tables / sharing);
        double kept = load.tokens() * perToken() + attention(load) * atOnceOf(model.layers());
        double held = HOLES * kept + headOfProcess(load.tokens());
        return Estimate.PROCESS_BYTES
                + weights()
                + moments()
                + tables
                + (load.ofSeveral() ? gradients + held : Math.max(gradients, held));
    }

    private boolean trainsAll() {
        return lora.rank() == 0;
    }

    /** And their copies in the type of the products; those of an adapter are few, and on a GPU the others lie there in that type. */
    private double weights() {
        boolean copied = half && (trainsAll() || card.isEmpty());
        boolean small = half && !trainsAll() && card.isPresent();
        return ParameterShapes.count(model) * ((small ? HALF : FLOAT) + (copied ? HALF : 0));
    }

    private double moments() {
        return trainsAll() ? 2 * gradients() : 0;
    }

    private double gradients() {
        return trainsAll() ? FLOAT * ParameterShapes.count(model) / sharing : 0;
    }

    /** Logits and what becomes of them, and in bf16 the output matrix and its gradient in that type. */
    private double headOfProcess(double tokens) {
        double rows = Math.min(tokens, Math.max(HEAD_ROWS, HEAD_LOGITS / model.vocabSize()));
        double logits = 2 * FLOAT * rows * model.vocabSize();
        return logits + (half ? (trainsAll() ? 2 : 1) * HALF * model.vocabSize() * model.hiddenSize() : 0);
    }

    /**
     * What attention keeps on a CPU beside the projections: turned queries and keys (in bf16 all three in single precision), what they saw,
     * and where sequences differ the projections again, one sequence behind the other. Heads that are normalised are kept once more.
     */
    private double attention(AtOnce load) {
        double looking = 1 - (double) model.linear().count() / model.layers();
        double q = (double) model.headDim() * model.heads();
        double kv = (double) model.headDim() * model.kvHeads();
        double turned = q + kv + (half ? kv : 0) + (model.qkNorm() == QkNorm.NONE ? 0 : q + kv);
        double spread = load.copied() && !half ? q + 2 * kv : 0;
        return looking * FLOAT * load.attended() * (turned + q + spread);
    }

    /** Layers, of so many, that remember at the same time, or as many whose room the C library holds. */
    private double atOnceOf(int layers) {
        int least = card.isPresent() ? 1 : RECOMPUTED;
        return recompute == 0 ? layers : Math.min(layers, Math.max(recompute, least));
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
        double layer = 2 * stream
                + 3 * product * model.hiddenSize()
                + projected
                + 2 * product * model.feedForwardWidth()
                + product * adapter()
                + (model.norms() == NormPlacement.BOTH || (half && model.norms() == NormPlacement.AFTER)
                        ? 2 * stream
                        : 0);
        double scan = FLOAT * SCAN * columns;
        return scan
                + layer * atOnceOf(model.layers())
                + (recompute == 0 ? 0 : stream * Math.ceilDiv(model.layers(), recompute));
    }

    /** Elements of a token that an adapter of a layer keeps: x · aᵀ of each of its matrices, and of what dropout zeroes in their inputs. */
    private double adapter() {
        if (trainsAll()) {
            return 0;
        }
        double share = lora.targets().size() / MATRICES;
        double inputs = 5.0 * model.hiddenSize() + model.headDim() * (double) model.heads() + model.feedForwardWidth();
        return share * (MATRICES * lora.rank() + (lora.dropout() > 0 ? inputs : 0));
    }

    private boolean fits(double tokens) {
        return card.isEmpty() || ofCard(tokens) <= card.getAsLong();
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
        LoraConfig adapter = new LoraConfig(16, 16, 0, false, lora.targets());
        TrainingMemory again = new TrainingMemory(model, lora, half, 1, pairs, sharing, card);
        TrainingMemory small = new TrainingMemory(model, adapter, true, recompute, pairs, sharing, card);
        TrainingMemory smallest = new TrainingMemory(model, adapter, true, 1, pairs, sharing, card);
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
