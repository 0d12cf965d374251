package cogent.model.decoder;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import cogent.model.hf.Activation;
import cogent.model.hf.ModelConfig;
import cogent.model.hf.NormPlacement;
import cogent.model.hf.Projections;
import cogent.model.hf.QkNorm;
import cogent.model.tensor.Blas;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
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
 * copies see no change. Weights in BF16 it copies so at once, and computes all in F32 with them too; when it is closed, the decoder keeps
 * it for the next texts.
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
    private final Matrices output;
    /** Whether the weights are in BF16. */
    private final boolean half;

    private final List<RopeTable> ropes;
    private final List<Long> versions;
    private final long room;
    private int steps;
    /** Threads that the weights are packed for; 0 where they are not. */
    private int packedFor;

    /** The last step's memory. */
    private Rows rows;
    /** For each thread the scores of a head. */
    private MemorySegment scores = MemorySegment.NULL;

    /** What some texts have between two products: a row for each in each. */
    private record Rows(int count, Block x, Block normed, Block qkv, Block seen, Block gateUp, Block gated) {
        static Rows of(int count, ModelConfig config) {
            long d = config.headDim();
            return new Rows(
                    count,
                    Block.of(count, config.hiddenSize()),
                    Block.of(count, config.hiddenSize()),
                    Block.of(count, (config.heads() + 2L * config.kvHeads()) * d),
                    Block.of(count, config.heads() * d),
                    Block.of(count, 2L * config.intermediateSize()),
                    Block.of(count, config.intermediateSize()));
        }

        void close() {
            Stream.of(x, normed, qkv, seen, gateUp, gated).map(Block::tensor).forEach(Tensor::close);
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

    /** x · weightᵀ + bias of layers side by side, where several texts ask for it often by packed weights. */
    private static final class Matrices {
        private final List<SkinnyGemm.Layer> layers;
        private final List<Matrix> each;
        private final int out;
        private final int in;
        private final boolean half;
        private SkinnyGemm.@Nullable Packed packed;

        /** @param out rows of the weight */
        private record Matrix(
                MemorySegment weight, @Nullable MemorySegment bias, int out) {
            static Matrix of(SkinnyGemm.Layer layer) {
                Tensor bias = layer.bias();
                return new Matrix(Memory.segment(layer.weight()), bias == null ? null : Memory.segment(bias), (int)
                        layer.weight().size(0));
            }
        }

        Matrices(List<SkinnyGemm.Layer> layers) {
            this.layers = layers;
            each = layers.stream().map(Matrix::of).toList();
            out = each.stream().mapToInt(Matrix::out).sum();
            in = (int) layers.getFirst().weight().size(1);
            half = layers.getFirst().weight().dtype() == DType.BF16;
        }

        static Matrices of(Linear... linears) {
            return of(List.of(linears));
        }

        static Matrices of(List<Linear> linears) {
            return new Matrices(linears.stream()
                    .map(linear -> new SkinnyGemm.Layer(linear.weight(), linear.bias()))
                    .toList());
        }

        void pack(ThreadTeam team, int rows) {
            packed = SkinnyGemm.Packed.of(layers, team, rows);
        }

        void unpack() {
            if (packed != null) {
                packed.close();
                packed = null;
            }
        }

        /**
         * A thread's columns of each of the layers, or what they add to those that are there.
         *
         * @param y {@code [rows, out of all]}
         */
        void apply(Block x, int rows, ThreadTeam team, int part, MemorySegment y, boolean added) {
            if (packed != null && (half || rows >= SEVERAL)) {
                packed.apply(x.tensor, part, y, added);
                return;
            }
            long at = 0;
            for (Matrix matrix : each) {
                int from = share(matrix.out, part, team);
                int to = share(matrix.out, part + 1, team);
                if (from < to) {
                    Blas.linear(
                            x.values, rows, in, matrix.weight, matrix.bias, from, to, y.asSlice(4 * at), out, added);
                }
                at += matrix.out;
            }
        }
    }

    /** @param headNorms gains of query and key heads, or none */
    @SuppressWarnings("ArrayRecordComponent") // read by every token, and by nobody else
    private record Weights(
            float[] attentionNorm,
            Matrices qkv,
            List<float[]> headNorms,
            Matrices o,
            float[] mlpNorm,
            Matrices gateUp,
            Matrices down) {
        Stream<Matrices> matrices() {
            return Stream.of(qkv, o, gateUp, down);
        }
    }

    /**
     * A step over what an earlier one packed, where the weights are still the same, or a new one.
     *
     * @param room bytes that packed weights may take; where they would take more, they are not packed
     * @throws IllegalArgumentException unless {@link #fits}
     */
    public static DirectStep of(Decoder decoder, long room) {
        DirectStep idle = decoder.idleStep().getAndSet(null);
        if (idle != null && idle.versions.equals(versions(decoder))) {
            return idle;
        }
        if (idle != null) {
            idle.free();
        }
        return new DirectStep(decoder, room);
    }

    private DirectStep(Decoder decoder, long room) {
        if (!fits(decoder, room)) {
            throw new IllegalArgumentException("not a decoder whose step is computed by addresses");
        }
        this.decoder = decoder;
        config = decoder.config();
        layers = IntStream.range(0, config.layers())
                .mapToObj(i -> weights(decoder.layer(i)))
                .toList();
        lastNorm = gain(decoder.finalNorm());
        output = new Matrices(List.of(new SkinnyGemm.Layer(decoder.output(), null)));
        half = decoder.compute() == DType.BF16;
        versions = versions(decoder);
        ropes = half
                ? RopeTable.of(config.ropes(), Device.CPU, DType.F32)
                : IntStream.range(0, config.layers())
                        .mapToObj(decoder.heads()::rope)
                        .toList();
        this.room = room;
        rows = Rows.of(1, config);
    }

    /**
     * Whether a decoder is of the plain kind: norms before each half, SiLU, matrices on the CPU in F32, or in BF16 where packed ones of
     * them have room, no adapter.
     */
    public static boolean fits(Decoder decoder, long room) {
        ModelConfig c = decoder.config();
        DType dtype = decoder.compute();
        return Blas.isPresent()
                && decoder.embedding().device().isCpu()
                && decoder.embedding().dtype() == dtype
                && c.norms() == NormPlacement.BEFORE
                && c.projections() == Projections.SEPARATE
                && c.activation() == Activation.SILU
                && c.qkNorm() != QkNorm.PROJECTION
                && c.multipliers().residual() == 1
                && !c.experts().any()
                && !c.linear().any()
                && !c.outputGate()
                && linears(decoder)
                        .allMatch(linear ->
                                linear.lowRank() == null && linear.weight().dtype() == dtype)
                && (dtype == DType.F32 || (SkinnyGemm.canPack(dtype) && bytes(decoder) <= room));
    }

    private static List<Long> versions(Decoder decoder) {
        Stream<Tensor> matrices = linears(decoder).flatMap(linear -> Stream.of(linear.weight(), linear.bias()));
        Stream<Tensor> norms = IntStream.range(0, decoder.config().layers())
                .mapToObj(decoder::layer)
                .flatMap(w -> Stream.of(
                        w.beforeAttention(), w.headNorms().q(), w.headNorms().k(), w.beforeMlp()))
                .flatMap(Stream::ofNullable)
                .map(Norm::weight);
        return Stream.of(
                        matrices,
                        norms,
                        Stream.of(decoder.output(), decoder.finalNorm().weight()))
                .flatMap(tensors -> tensors)
                .flatMap(Stream::ofNullable)
                .map(Tensor::version)
                .toList();
    }

    private static Stream<Linear> linears(Decoder decoder) {
        return IntStream.range(0, decoder.config().layers())
                .mapToObj(decoder::layer)
                .flatMap(w ->
                        Stream.of(w.qkv(), gated(w).linears(), List.of(w.o())).flatMap(List::stream));
    }

    /** Of the matrices that a step reads. */
    private static long bytes(Decoder decoder) {
        return linears(decoder).mapToLong(linear -> linear.weight().nbytes()).sum()
                + decoder.output().nbytes();
    }

    private static Weights weights(Decoder.Layer w) {
        FeedForward.Gated gated = gated(w);
        return new Weights(
                gain(w.beforeAttention()),
                Matrices.of(w.qkv()),
                Stream.of(w.headNorms().q(), w.headNorms().k())
                        .flatMap(Stream::ofNullable)
                        .map(DirectStep::gain)
                        .toList(),
                Matrices.of(w.o()),
                gain(w.beforeMlp()),
                Matrices.of(gated.gateUp()),
                Matrices.of(gated.down()));
    }

    private static FeedForward.Gated gated(Decoder.Layer w) {
        return (FeedForward.Gated) w.feedForward();
    }

    private static float[] gain(@Nullable Norm norm) {
        Norm given = Objects.requireNonNull(norm);
        try (Scope _ = Scope.open()) {
            return new Norm(given.weight().to(DType.F32), given.offset(), given.factor(), given.eps())
                    .gain()
                    .toFloats();
        }
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
        team.run(part -> output.apply(rows.normed, rows.count, team, part, y, false));
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
        boolean worth = half
                || (count >= SEVERAL && ++steps >= WORTH && SkinnyGemm.canPack(DType.F32) && bytes(decoder) <= room);
        if (worth && packedFor == 0) {
            matrices().forEach(matrix -> matrix.pack(team, count));
            packedFor = team.threads();
        }
    }

    private Stream<Matrices> matrices() {
        return Stream.concat(layers.stream().flatMap(Weights::matrices), Stream.of(output));
    }

    private void unpack() {
        matrices().forEach(Matrices::unpack);
        packedFor = 0;
    }

    /** Frees its memory, or leaves it to the decoder. */
    @Override
    public void close() {
        if (!half || !decoder.idleStep().compareAndSet(null, this)) {
            free();
        }
    }

    void free() {
        unpack();
        rows.close();
        if (half) {
            ropes.forEach(RopeTable::close);
        }
    }

    private void compute(ThreadTeam team, KvCache cache, int[] ids, int[] positions) {
        MemorySegment embedding = Memory.segment(decoder.embedding());
        for (int row = 0; row < ids.length; row++) {
            embed(embedding, ids[row], row);
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

    private void embed(MemorySegment embedding, int id, int row) {
        long width = config.hiddenSize();
        if (!half) {
            MemorySegment.copy(embedding, 4 * width * id, rows.x.values, 4 * width * row, 4 * width);
            return;
        }
        for (long i = 0; i < width; i++) { // BF16 is the upper half of F32
            int bits = embedding.getAtIndex(JAVA_SHORT, width * id + i) << 16;
            rows.x.values.setAtIndex(JAVA_FLOAT, width * row + i, Float.intBitsToFloat(bits));
        }
    }

    private void attention(ThreadTeam team, int layer, KvCache cache, int[] positions) {
        Weights w = layers.get(layer);
        int heads = config.heads();
        int reach = 1 + IntStream.of(positions).max().orElseThrow();
        Turns turns = Turns.of(ropes.get(layer).reaching(reach));
        Kept kept = Kept.of(cache, layer, config.windows().get(layer));
        norms(team, w.attentionNorm);
        team.run(part -> w.qkv.apply(rows.normed, rows.count, team, part, rows.qkv.values, false));
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
        team.run(part -> w.o.apply(rows.seen, rows.count, team, part, rows.x.values, true));
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
        team.run(part -> {
            w.gateUp.apply(rows.normed, rows.count, team, part, rows.gateUp.values, false);
            for (long row = 0; row < rows.count; row++) {
                gate(row, share(width, part, team), share(width, part + 1, team));
            }
        });
        team.run(part -> w.down.apply(rows.gated, rows.count, team, part, rows.x.values, true));
    }

    /** silu(gate) · up of some columns. */
    private void gate(long row, long from, long to) {
        long width = config.intermediateSize();
        for (long i = from; i < to; i++) {
            float gate = rows.gateUp.values.getAtIndex(JAVA_FLOAT, 2 * row * width + i);
            float up = rows.gateUp.values.getAtIndex(JAVA_FLOAT, (2 * row + 1) * width + i);
            rows.gated.values.setAtIndex(JAVA_FLOAT, row * width + i, gate / (1 + (float) Math.exp(-gate)) * up);
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
