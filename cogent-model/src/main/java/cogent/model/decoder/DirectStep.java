package cogent.model.decoder;

import cogent.model.direct.Block;
import cogent.model.direct.Matrices;
import cogent.model.direct.Rotation;
import cogent.model.direct.RowLoops;
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
public final class DirectStep implements AutoCloseable, Decoder.IdleStep {
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
            Stream.of(x, normed, qkv, seen, gateUp, gated).forEach(Block::close);
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
        if (decoder.idleStep().getAndSet(null) instanceof DirectStep idle) {
            if (idle.versions.equals(versions(decoder))) {
                return idle;
            }
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
                matrices(w.qkv()),
                Stream.of(w.headNorms().q(), w.headNorms().k())
                        .flatMap(Stream::ofNullable)
                        .map(DirectStep::gain)
                        .toList(),
                matrices(List.of(w.o())),
                gain(w.beforeMlp()),
                matrices(gated.gateUp()),
                matrices(List.of(gated.down())));
    }

    private static Matrices matrices(List<Linear> linears) {
        return new Matrices(linears.stream()
                .map(linear -> new SkinnyGemm.Layer(linear.weight(), linear.bias()))
                .toList());
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
        Tensor logits = Tensors.empty(DType.F32, rows.count, output.out());
        MemorySegment y = Memory.segment(logits);
        team.run(part -> output.apply(rows.normed, team, part, y, false));
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
                || (count >= Matrices.SEVERAL
                        && ++steps >= WORTH
                        && SkinnyGemm.canPack(DType.F32)
                        && bytes(decoder) <= room);
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

    @Override
    public void free() {
        unpack();
        rows.close();
        if (half) {
            ropes.forEach(RopeTable::close);
        }
    }

    private void compute(ThreadTeam team, KvCache cache, int[] ids, int[] positions) {
        int width = config.hiddenSize();
        MemorySegment embedding = Memory.segment(decoder.embedding());
        for (int row = 0; row < ids.length; row++) {
            long from = (long) width * ids[row];
            if (half) {
                RowLoops.widen(embedding, from, width, rows.x.values(), (long) width * row);
            } else {
                MemorySegment.copy(embedding, 4 * from, rows.x.values(), 4L * width * row, 4L * width);
            }
        }
        RowLoops.scale(rows.x.values(), rows.count * width, config.multipliers().embedding());
        for (int layer = 0; layer < config.layers(); layer++) {
            attention(team, layer, cache, positions);
            feedForward(team, layers.get(layer));
        }
        norms(team, lastNorm);
    }

    private void attention(ThreadTeam team, int layer, KvCache cache, int[] positions) {
        Weights w = layers.get(layer);
        int heads = config.heads();
        int reach = 1 + IntStream.of(positions).max().orElseThrow();
        Rotation rotation = rotation(ropes.get(layer).reaching(reach));
        Kept kept = Kept.of(cache, layer, config.windows().get(layer));
        norms(team, w.attentionNorm);
        team.run(part -> w.qkv.apply(rows.normed, team, part, rows.qkv.values(), false));
        eachRow(team, row -> {
            place(w, rotation, row, positions[row]);
            keep(kept, row, positions[row]);
        });
        team.run(part -> {
            MemorySegment p = scores.asSlice(4L * part * kept.capacity);
            for (int i = team.share(rows.count * heads, part); i < team.share(rows.count * heads, part + 1); i++) {
                attend(kept, i / heads, i % heads, positions[i / heads], p);
            }
        });
        team.run(part -> w.o.apply(rows.seen, team, part, rows.x.values(), true));
    }

    private static Rotation rotation(RopeTable.Rows table) {
        return new Rotation(Memory.segment(table.cos()), Memory.segment(table.sin()), (int)
                table.cos().size(-1));
    }

    /** Turns the heads of queries and keys to their position, normalised where the model does so. */
    private void place(Weights w, Rotation rotation, int row, int position) {
        int d = config.headDim();
        int turned = config.heads() + config.kvHeads();
        long first = (long) row * (turned + config.kvHeads()) * d;
        for (int head = 0; head < turned; head++) {
            long at = first + (long) head * d;
            if (!w.headNorms.isEmpty()) {
                RowLoops.norm(
                        rows.qkv.values(),
                        at,
                        w.headNorms.get(head < config.heads() ? 0 : 1),
                        config.rmsNormEps(),
                        rows.qkv.values());
            }
            rotation.turn(rows.qkv.values(), at, position);
        }
    }

    private void keep(Kept kept, int row, int position) {
        int kvHeads = config.kvHeads();
        long bytes = 4L * config.headDim();
        long first = (long) row * (config.heads() + 2L * kvHeads) + config.heads();
        for (int head = 0; head < kvHeads; head++) {
            long place = ((long) row * kvHeads + head) * kept.capacity + position;
            MemorySegment.copy(rows.qkv.values(), bytes * (first + head), kept.keys, bytes * place, bytes);
            MemorySegment.copy(rows.qkv.values(), bytes * (first + kvHeads + head), kept.values, bytes * place, bytes);
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
        MemorySegment query = rows.qkv.values().asSlice(4L * d * ((long) row * (heads + 2L * kvHeads) + head));
        Blas.products(kept.keys.asSlice(at), count, d, query, p);
        RowLoops.softmax(p, count, (float) config.multipliers().attention());
        MemorySegment seen = rows.seen.values().asSlice(4L * d * ((long) row * heads + head));
        Blas.combined(kept.values.asSlice(at), count, d, p, seen);
    }

    private void feedForward(ThreadTeam team, Weights w) {
        int width = config.intermediateSize();
        norms(team, w.mlpNorm);
        team.run(part -> {
            w.gateUp.apply(rows.normed, team, part, rows.gateUp.values(), false);
            int from = team.share(width, part);
            int to = team.share(width, part + 1);
            for (int row = 0; row < rows.count; row++) {
                RowLoops.gate(rows.gateUp.values(), row, width, from, to, rows.gated.values());
            }
        });
        team.run(part -> w.down.apply(rows.gated, team, part, rows.x.values(), true));
    }

    private void norms(ThreadTeam team, float[] gains) {
        eachRow(
                team,
                row -> RowLoops.norm(
                        rows.x.values(), (long) row * gains.length, gains, config.rmsNormEps(), rows.normed.values()));
    }

    private void eachRow(ThreadTeam team, IntConsumer work) {
        if (rows.count == 1) { // meeting takes longer
            work.accept(0);
            return;
        }
        team.run(part -> {
            for (int row = team.share(rows.count, part); row < team.share(rows.count, part + 1); row++) {
                work.accept(row);
            }
        });
    }
}
