package cogent.model.decoder;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import cogent.model.hf.Activation;
import cogent.model.hf.ModelConfig;
import cogent.model.hf.NormPlacement;
import cogent.model.hf.Projections;
import cogent.model.hf.QkNorm;
import cogent.model.tensor.Blas;
import cogent.model.tensor.DType;
import cogent.model.tensor.Memory;
import cogent.model.tensor.Scope;
import cogent.model.tensor.SkinnyGemm;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import cogent.model.tensor.ThreadTeam;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A step of decoding one text or many on the CPU in single precision, by the addresses of its operands: there an operator's call costs as
 * much as its work, some twenty times a layer, and here nothing is allocated. All of it is shared out among the threads: products by their
 * columns, attention by texts and heads, the rest by texts. For one thread at a time; it sees weights change, but not the gains of norms.
 *
 * <p>Where several texts go on for a while, it copies the weights once as products of few rows read them fastest, until it is closed; those
 * copies see no change.
 */
public final class DirectStep implements AutoCloseable {
    /** From so many texts on packed weights are faster. */
    private static final int SEVERAL = 4;

    /** After so many steps of several texts packing is worth its time, which is that of some steps. */
    private static final int WORTH = 8;

    private final Decoder decoder;
    private final ModelConfig config;
    private final List<Weights> layers;
    private final float[] lastNorm;
    private final Matrix output;
    private final long room;
    private int steps;
    /** Threads that the weights are packed for; 0 where they are not. */
    private int packedFor;

    /** The last step's memory. */
    private Rows rows;
    /** For each thread the scores of a head. */
    private MemorySegment scores = MemorySegment.NULL;

    /** What some texts have between two products: a row for each in each. */
    private record Rows(int count, Block x, Block normed, Block qkv, Block seen, Block gated, Block up) {
        static Rows of(int count, ModelConfig config) {
            long d = config.headDim();
            return new Rows(
                    count,
                    Block.of(count, config.hiddenSize()),
                    Block.of(count, config.hiddenSize()),
                    Block.of(count, (config.heads() + 2L * config.kvHeads()) * d),
                    Block.of(count, config.heads() * d),
                    Block.of(count, config.intermediateSize()),
                    Block.of(count, config.intermediateSize()));
        }

        void close() {
            Stream.of(x, normed, qkv, seen, gated, up).map(Block::tensor).forEach(Tensor::close);
        }
    }

    /** @param values its memory */
    private record Block(Tensor tensor, MemorySegment values) {
        static Block of(long rows, long width) {
            try (Scope _ = Scope.open()) {
                Tensor tensor = Tensors.zeros(DType.F32, rows, width).retained();
                return new Block(tensor, Memory.segment(tensor));
            }
        }
    }

    /**
     * The cache of a layer.
     *
     * @param window how far back a position sees
     */
    private record Kept(MemorySegment keys, MemorySegment values, int capacity, int window) {
        static Kept of(KvCache cache, int layer, int window) {
            return new Kept(
                    Memory.segment(cache.keys(layer)), Memory.segment(cache.values(layer)), cache.capacity(), window);
        }
    }

    /** Cosines and sines, {@code [positions, turned]}. */
    private record Turns(MemorySegment cos, MemorySegment sin, int turned) {
        static Turns of(RopeTable.Rows table) {
            return new Turns(Memory.segment(table.cos()), Memory.segment(table.sin()), (int)
                    table.cos().size(-1));
        }
    }

    /** x · weightᵀ + bias, where several texts ask for it often by packed weights. */
    private static final class Matrix {
        private final Linear linear;
        private final MemorySegment weight;
        private final @Nullable MemorySegment bias;
        private final int out;
        private final int in;
        private SkinnyGemm.@Nullable Packed packed;

        Matrix(Linear linear) {
            this.linear = linear;
            Tensor bias = linear.bias();
            weight = Memory.segment(linear.weight());
            this.bias = bias == null ? null : Memory.segment(bias);
            out = (int) linear.weight().size(0);
            in = (int) linear.weight().size(1);
        }

        void pack(int parts, int rows) {
            packed = SkinnyGemm.Packed.of(linear.weight(), linear.bias(), parts, rows);
        }

        void unpack() {
            if (packed != null) {
                packed.close();
                packed = null;
            }
        }

        /**
         * A thread's columns of the result, or what they add to those that are there.
         *
         * @param y from the layer's first column on
         * @param width of a row there
         */
        void apply(Block x, int rows, ThreadTeam team, int part, MemorySegment y, int width, boolean added) {
            int from = share(out, part, team);
            int to = share(out, part + 1, team);
            if (packed != null && rows >= SEVERAL) {
                packed.apply(x.tensor, part, y.asSlice(4L * from), width, added);
            } else if (from < to) {
                Blas.linear(x.values, rows, in, weight, bias, from, to, y, width, added);
            }
        }
    }

    /** @param headNorms gains of query and key heads, or none */
    @SuppressWarnings("ArrayRecordComponent") // read by every token, and by nobody else
    private record Weights(
            float[] attentionNorm,
            List<Matrix> qkv,
            List<float[]> headNorms,
            Matrix o,
            float[] mlpNorm,
            Matrix gate,
            Matrix up,
            Matrix down) {
        Stream<Matrix> matrices() {
            return Stream.concat(qkv.stream(), Stream.of(o, gate, up, down));
        }
    }

    /**
     * @param room bytes that packed weights may take; where they would take more, they are not packed
     * @throws IllegalArgumentException unless {@link #fits}
     */
    public DirectStep(Decoder decoder, long room) {
        if (!fits(decoder)) {
            throw new IllegalArgumentException("not a decoder whose step is computed by addresses");
        }
        this.decoder = decoder;
        config = decoder.config();
        layers = IntStream.range(0, config.layers())
                .mapToObj(i -> weights(decoder.layer(i)))
                .toList();
        lastNorm = decoder.finalNorm().gain().toFloats();
        output = new Matrix(new Linear(decoder.output(), null, null, new Products(DType.F32)));
        this.room = room;
        rows = Rows.of(1, config);
    }

    /** Whether a decoder is of the plain kind: norms before each half, SiLU, matrices in F32 on the CPU, no adapter. */
    public static boolean fits(Decoder decoder) {
        ModelConfig c = decoder.config();
        return Blas.isPresent()
                && decoder.embedding().device().isCpu()
                && decoder.embedding().dtype() == DType.F32
                && decoder.compute() == DType.F32
                && c.norms() == NormPlacement.BEFORE
                && c.projections() == Projections.SEPARATE
                && c.activation() == Activation.SILU
                && c.qkNorm() != QkNorm.PROJECTION
                && c.multipliers().residual() == 1
                && !c.experts().any()
                && !c.linear().any()
                && !c.outputGate()
                && IntStream.range(0, c.layers())
                        .mapToObj(decoder::layer)
                        .flatMap(w -> Stream.concat(
                                w.qkv().stream(), Stream.concat(gated(w).linears().stream(), Stream.of(w.o()))))
                        .allMatch(linear ->
                                linear.lowRank() == null && linear.weight().dtype() == DType.F32);
    }

    private static Weights weights(Decoder.Layer w) {
        FeedForward.Gated gated = gated(w);
        return new Weights(
                gain(w.beforeAttention()),
                w.qkv().stream().map(Matrix::new).toList(),
                Stream.of(w.headNorms().q(), w.headNorms().k())
                        .flatMap(Stream::ofNullable)
                        .map(DirectStep::gain)
                        .toList(),
                new Matrix(w.o()),
                gain(w.beforeMlp()),
                new Matrix(gated.gateUp().get(0)),
                new Matrix(gated.gateUp().get(1)),
                new Matrix(gated.down()));
    }

    private static FeedForward.Gated gated(Decoder.Layer w) {
        return (FeedForward.Gated) w.feedForward();
    }

    private static float[] gain(@Nullable Norm norm) {
        return Objects.requireNonNull(norm).gain().toFloats();
    }

    /**
     * Computes a token of each of the first slots, and puts its keys and values into the cache.
     *
     * @return what each may go on with, {@code [slots, vocab]}, in the open scope
     */
    public Tensor logits(KvCache cache, int[] ids, int[] positions) {
        ThreadTeam team = ThreadTeam.now();
        prepare(team, cache, ids.length);
        compute(team, cache, ids, positions);
        Tensor logits = Tensors.empty(DType.F32, rows.count, output.out);
        MemorySegment y = Memory.segment(logits);
        team.run(part -> output.apply(rows.normed, rows.count, team, part, y, output.out, false));
        return logits;
    }

    private void prepare(ThreadTeam team, KvCache cache, int count) {
        if (rows.count != count) {
            rows.close();
            rows = Rows.of(count, config);
        }
        if (scores.byteSize() < 4L * team.threads() * cache.capacity()) {
            scores = Arena.ofAuto().allocate(4L * team.threads() * cache.capacity(), 64);
        }
        if (team.threads() != packedFor) {
            unpack();
        }
        if (count >= SEVERAL && ++steps >= WORTH && packedFor == 0 && SkinnyGemm.canPack() && bytes() <= room) {
            matrices().forEach(matrix -> matrix.pack(team.threads(), count));
            packedFor = team.threads();
        }
    }

    private Stream<Matrix> matrices() {
        return Stream.concat(layers.stream().flatMap(Weights::matrices), Stream.of(output));
    }

    private long bytes() {
        return matrices().mapToLong(matrix -> matrix.weight.byteSize()).sum();
    }

    private void unpack() {
        matrices().forEach(Matrix::unpack);
        packedFor = 0;
    }

    /** Frees its memory. */
    @Override
    public void close() {
        unpack();
        rows.close();
    }

    private void compute(ThreadTeam team, KvCache cache, int[] ids, int[] positions) {
        long width = config.hiddenSize();
        MemorySegment embedding = Memory.segment(decoder.embedding());
        for (int row = 0; row < ids.length; row++) {
            MemorySegment.copy(embedding, 4 * width * ids[row], rows.x.values, 4 * width * row, 4 * width);
        }
        scale(
                rows.x.values,
                rows.count * config.hiddenSize(),
                config.multipliers().embedding());
        for (int layer = 0; layer < config.layers(); layer++) {
            attention(team, layer, cache, positions);
            feedForward(team, layers.get(layer));
        }
        norms(team, lastNorm);
    }

    private void attention(ThreadTeam team, int layer, KvCache cache, int[] positions) {
        Weights w = layers.get(layer);
        int heads = config.heads();
        int all = (heads + 2 * config.kvHeads()) * config.headDim();
        int reach = 1 + IntStream.of(positions).max().orElseThrow();
        Turns turns = Turns.of(decoder.heads().rope(layer).reaching(reach));
        Kept kept = Kept.of(cache, layer, config.windows().get(layer));
        norms(team, w.attentionNorm);
        team.run(part -> {
            long at = 0;
            for (Matrix matrix : w.qkv) {
                matrix.apply(rows.normed, rows.count, team, part, rows.qkv.values.asSlice(4 * at), all, false);
                at += matrix.out;
            }
        });
        eachRow(team, row -> {
            place(w, turns, row, positions[row]);
            keep(kept, row, positions[row]);
        });
        team.run(part -> {
            MemorySegment p = scores.asSlice(4L * part * kept.capacity);
            for (int i = share(rows.count * heads, part, team); i < share(rows.count * heads, part + 1, team); i++) {
                attend(kept, i / heads, i % heads, positions[i / heads], p);
            }
        });
        team.run(part -> w.o.apply(rows.seen, rows.count, team, part, rows.x.values, config.hiddenSize(), true));
    }

    /** Turns the heads of queries and keys to their position, normalised where the model does so. */
    private void place(Weights w, Turns turns, int row, int position) {
        int d = config.headDim();
        int turned = config.heads() + config.kvHeads();
        long first = (long) row * (turned + config.kvHeads()) * d;
        for (int head = 0; head < turned; head++) {
            long at = first + (long) head * d;
            if (!w.headNorms.isEmpty()) {
                norm(rows.qkv.values, at, w.headNorms.get(head < config.heads() ? 0 : 1), rows.qkv.values);
            }
            turn(turns, rows.qkv.values, at, position);
        }
    }

    private void keep(Kept kept, int row, int position) {
        int kvHeads = config.kvHeads();
        long bytes = 4L * config.headDim();
        long first = (long) row * (config.heads() + 2L * kvHeads) + config.heads();
        for (int head = 0; head < kvHeads; head++) {
            long place = ((long) row * kvHeads + head) * kept.capacity + position;
            MemorySegment.copy(rows.qkv.values, bytes * (first + head), kept.keys, bytes * place, bytes);
            MemorySegment.copy(rows.qkv.values, bytes * (first + kvHeads + head), kept.values, bytes * place, bytes);
        }
    }

    /** @param p where its scores may lie */
    private void attend(Kept kept, int row, int head, int position, MemorySegment p) {
        int d = config.headDim();
        int heads = config.heads();
        int kvHeads = config.kvHeads();
        int first = Math.max(0, position + 1 - kept.window);
        int count = position + 1 - first;
        long slot = (long) row * kvHeads + head / (heads / kvHeads);
        long at = 4L * d * (slot * kept.capacity + first);
        MemorySegment query = rows.qkv.values.asSlice(4L * d * ((long) row * (heads + 2L * kvHeads) + head));
        Blas.products(kept.keys.asSlice(at), count, d, query, p);
        softmax(p, count, (float) config.multipliers().attention());
        MemorySegment seen = rows.seen.values.asSlice(4L * d * ((long) row * heads + head));
        Blas.combined(kept.values.asSlice(at), count, d, p, seen);
    }

    private void feedForward(ThreadTeam team, Weights w) {
        int width = config.intermediateSize();
        norms(team, w.mlpNorm);
        MemorySegment up = rows.up.values;
        team.run(part -> {
            int from = share(width, part, team);
            int to = share(width, part + 1, team);
            w.gate.apply(rows.normed, rows.count, team, part, rows.gated.values, width, false);
            w.up.apply(rows.normed, rows.count, team, part, up, width, false);
            for (long row = 0; row < rows.count; row++) {
                gate(rows.gated.values, up, row * width + from, row * width + to);
            }
        });
        team.run(part -> w.down.apply(rows.gated, rows.count, team, part, rows.x.values, config.hiddenSize(), true));
    }

    /** silu(gate) · up, in place of the gate. */
    private static void gate(MemorySegment gate, MemorySegment up, long from, long to) {
        for (long i = from; i < to; i++) {
            float g = gate.getAtIndex(JAVA_FLOAT, i);
            gate.setAtIndex(JAVA_FLOAT, i, g / (1 + (float) Math.exp(-g)) * up.getAtIndex(JAVA_FLOAT, i));
        }
    }

    private void norms(ThreadTeam team, float[] gains) {
        eachRow(team, row -> norm(rows.x.values, (long) row * gains.length, gains, rows.normed.values));
    }

    private void eachRow(ThreadTeam team, IntConsumer work) {
        if (rows.count == 1) { // meeting takes longer
            work.accept(0);
            return;
        }
        team.run(part -> {
            for (int row = share(rows.count, part, team); row < share(rows.count, part + 1, team); row++) {
                work.accept(row);
            }
        });
    }

    /** Where the part of a thread begins. */
    private static int share(int all, int part, ThreadTeam team) {
        return (int) ((long) all * part / team.threads());
    }

    /** RMSNorm of as many values as there are gains. */
    private void norm(MemorySegment from, long at, float[] gains, MemorySegment to) {
        double squares = 0;
        for (int i = 0; i < gains.length; i++) {
            float value = from.getAtIndex(JAVA_FLOAT, at + i);
            squares += value * value;
        }
        float scale = (float) (1 / Math.sqrt(squares / gains.length + config.rmsNormEps()));
        for (int i = 0; i < gains.length; i++) {
            to.setAtIndex(JAVA_FLOAT, at + i, from.getAtIndex(JAVA_FLOAT, at + i) * scale * gains[i]);
        }
    }

    /** As {@link RopeTable.Rows#turn}, one head in place. */
    private static void turn(Turns turns, MemorySegment heads, long at, int position) {
        long row = (long) position * turns.turned;
        int half = turns.turned / 2;
        for (int i = 0; i < half; i++) {
            float a = heads.getAtIndex(JAVA_FLOAT, at + i);
            float b = heads.getAtIndex(JAVA_FLOAT, at + half + i);
            float first = a * turns.cos.getAtIndex(JAVA_FLOAT, row + i) + b * turns.sin.getAtIndex(JAVA_FLOAT, row + i);
            long other = row + half + i;
            heads.setAtIndex(JAVA_FLOAT, at + i, first);
            heads.setAtIndex(
                    JAVA_FLOAT,
                    at + half + i,
                    b * turns.cos.getAtIndex(JAVA_FLOAT, other) + a * turns.sin.getAtIndex(JAVA_FLOAT, other));
        }
    }

    private static void softmax(MemorySegment p, int count, float scale) {
        float highest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            highest = Math.max(highest, p.getAtIndex(JAVA_FLOAT, i));
        }
        float sum = 0;
        for (int i = 0; i < count; i++) {
            float e = (float) Math.exp((p.getAtIndex(JAVA_FLOAT, i) - highest) * scale);
            p.setAtIndex(JAVA_FLOAT, i, e);
            sum += e;
        }
        scale(p, count, 1 / sum);
    }

    private static void scale(MemorySegment values, int count, double factor) {
        for (int i = 0; factor != 1 && i < count; i++) {
            values.setAtIndex(JAVA_FLOAT, i, (float) (values.getAtIndex(JAVA_FLOAT, i) * factor));
        }
    }
}
