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
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import cogent.model.tensor.ThreadTeam;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A step of decoding one text on the CPU in single precision, by the addresses of its operands: there an operator's call costs as much as its work,
 * some twenty times a layer, and here nothing is allocated. Products and attention are shared out among the threads. For one thread
 * at a time; it sees weights change, but not the gains of norms.
 */
public final class RowStep {
    private final Decoder decoder;
    private final ModelConfig config;
    private final List<Weights> layers;
    private final float[] lastNorm;
    private final MemorySegment x;
    private final MemorySegment normed;
    private final MemorySegment qkv;
    private final MemorySegment seen;
    private final MemorySegment gated;
    private MemorySegment scores = MemorySegment.NULL;

    /** @param bias or none */
    private record Matrix(MemorySegment weight, @Nullable MemorySegment bias, int out, int in) {
        static Matrix of(Linear linear) {
            Tensor bias = linear.bias();
            return new Matrix(
                    Memory.segment(linear.weight()),
                    bias == null ? null : Memory.segment(bias),
                    (int) linear.weight().size(0),
                    (int) linear.weight().size(1));
        }

        /** Some of the results, or what they add to those that are there. */
        void apply(MemorySegment in, MemorySegment y, int from, int to, boolean added) {
            if (to <= from) {
                return;
            }
            Blas.product(weight, this.in, in, y, from, to, added);
            for (int i = from; bias != null && i < to; i++) {
                y.setAtIndex(JAVA_FLOAT, i, y.getAtIndex(JAVA_FLOAT, i) + bias.getAtIndex(JAVA_FLOAT, i));
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
            Matrix down) {}

    /** @throws IllegalArgumentException unless {@link #fits} */
    public RowStep(Decoder decoder) {
        if (!fits(decoder)) {
            throw new IllegalArgumentException("not a decoder whose step is computed by addresses");
        }
        this.decoder = decoder;
        config = decoder.config();
        layers = IntStream.range(0, config.layers())
                .mapToObj(i -> weights(decoder.layer(i)))
                .toList();
        lastNorm = decoder.finalNorm().gain().toFloats();
        x = floats(config.hiddenSize());
        normed = floats(config.hiddenSize());
        qkv = floats((config.heads() + 2L * config.kvHeads()) * config.headDim());
        seen = floats((long) config.heads() * config.headDim());
        gated = floats(2L * config.intermediateSize());
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
                w.qkv().stream().map(Matrix::of).toList(),
                Stream.of(w.headNorms().q(), w.headNorms().k())
                        .flatMap(Stream::ofNullable)
                        .map(RowStep::gain)
                        .toList(),
                Matrix.of(w.o()),
                gain(w.beforeMlp()),
                Matrix.of(gated.gateUp().get(0)),
                Matrix.of(gated.gateUp().get(1)),
                Matrix.of(gated.down()));
    }

    private static FeedForward.Gated gated(Decoder.Layer w) {
        return (FeedForward.Gated) w.feedForward();
    }

    private static float[] gain(@Nullable Norm norm) {
        return Objects.requireNonNull(norm).gain().toFloats();
    }

    private static MemorySegment floats(long count) {
        return Arena.ofAuto().allocate(count * Float.BYTES, 64);
    }

    /**
     * Computes the token of slot 0, and puts its keys and values into the cache.
     *
     * @return its final hidden state, {@code [1, hidden]}, in the open scope
     */
    public Tensor hidden(KvCache cache, int id, int position) {
        int width = config.hiddenSize();
        MemorySegment.copy(Memory.segment(decoder.embedding()), 4L * width * id, x, 0, 4L * width);
        scale(x, width, config.multipliers().embedding());
        if (scores.byteSize() < 4L * config.heads() * cache.capacity()) {
            scores = floats((long) config.heads() * cache.capacity());
        }
        ThreadTeam team = ThreadTeam.now();
        for (int i = 0; i < config.layers(); i++) {
            Weights w = layers.get(i);
            attention(team, w, i, cache, position);
            norm(x, 0, w.mlpNorm, normed, 0);
            team.run(part -> {
                int from = share(config.intermediateSize(), part, team);
                int to = share(config.intermediateSize(), part + 1, team);
                MemorySegment up = gated.asSlice(4L * config.intermediateSize());
                w.gate.apply(normed, gated, from, to, false);
                w.up.apply(normed, up, from, to, false);
                for (int j = from; j < to; j++) {
                    float g = gated.getAtIndex(JAVA_FLOAT, j);
                    gated.setAtIndex(JAVA_FLOAT, j, g / (1 + (float) Math.exp(-g)) * up.getAtIndex(JAVA_FLOAT, j));
                }
            });
            team.run(part -> w.down.apply(gated, x, share(width, part, team), share(width, part + 1, team), true));
        }
        norm(x, 0, lastNorm, normed, 0);
        return Tensors.of(normed.toArray(JAVA_FLOAT), 1, width);
    }

    private void attention(ThreadTeam team, Weights w, int layer, KvCache cache, int position) {
        int d = config.headDim();
        int heads = config.heads();
        int kvHeads = config.kvHeads();
        int width = config.hiddenSize();
        norm(x, 0, w.attentionNorm, normed, 0);
        int all = (heads + 2 * kvHeads) * d;
        team.run(part -> {
            int at = 0;
            for (Matrix matrix : w.qkv) {
                int from = Math.clamp(share(all, part, team) - at, 0, matrix.out);
                int to = Math.clamp(share(all, part + 1, team) - at, 0, matrix.out);
                matrix.apply(normed, qkv.asSlice(4L * at), from, to, false);
                at += matrix.out;
            }
        });
        for (int head = 0; head < heads + kvHeads; head++) {
            if (!w.headNorms.isEmpty()) {
                norm(qkv, (long) head * d, w.headNorms.get(head < heads ? 0 : 1), qkv, (long) head * d);
            }
            turn(decoder.heads().rope(layer).reaching(position + 1), (long) head * d, position);
        }
        MemorySegment keys = Memory.segment(cache.keys(layer));
        MemorySegment values = Memory.segment(cache.values(layer));
        for (int head = 0; head < kvHeads; head++) {
            long place = 4L * d * ((long) head * cache.capacity() + position);
            MemorySegment.copy(qkv, 4L * d * (heads + head), keys, place, 4L * d);
            MemorySegment.copy(qkv, 4L * d * (heads + kvHeads + head), values, place, 4L * d);
        }
        int first = Math.max(0, position + 1 - config.windows().get(layer));
        int count = position + 1 - first;
        team.run(part -> {
            for (int head = share(heads, part, team); head < share(heads, part + 1, team); head++) {
                long rows = 4L * d * ((long) (head / (heads / kvHeads)) * cache.capacity() + first);
                MemorySegment p = scores.asSlice(4L * head * cache.capacity(), 4L * count);
                Blas.product(keys.asSlice(rows), d, qkv.asSlice(4L * d * head), p, 0, count, false);
                softmax(p, count, (float) config.multipliers().attention());
                Blas.combined(values.asSlice(rows), count, d, p, seen.asSlice(4L * d * head));
            }
        });
        team.run(part -> w.o.apply(seen, x, share(width, part, team), share(width, part + 1, team), true));
    }

    /** Where the part of a thread begins. */
    private static int share(int all, int part, ThreadTeam team) {
        return (int) ((long) all * part / team.threads());
    }

    /** RMSNorm of as many values as there are gains. */
    private void norm(MemorySegment from, long at, float[] gains, MemorySegment to, long into) {
        double squares = 0;
        for (int i = 0; i < gains.length; i++) {
            float value = from.getAtIndex(JAVA_FLOAT, at + i);
            squares += value * value;
        }
        float scale = (float) (1 / Math.sqrt(squares / gains.length + config.rmsNormEps()));
        for (int i = 0; i < gains.length; i++) {
            to.setAtIndex(JAVA_FLOAT, into + i, from.getAtIndex(JAVA_FLOAT, at + i) * scale * gains[i]);
        }
    }

    /** As {@link RopeTable.Rows#turn}, one head in place. */
    private void turn(RopeTable.Rows table, long at, int position) {
        int turned = (int) table.cos().size(-1);
        MemorySegment cos = Memory.segment(table.cos());
        MemorySegment sin = Memory.segment(table.sin());
        long row = (long) position * turned;
        int half = turned / 2;
        for (int i = 0; i < half; i++) {
            float a = qkv.getAtIndex(JAVA_FLOAT, at + i);
            float b = qkv.getAtIndex(JAVA_FLOAT, at + half + i);
            qkv.setAtIndex(
                    JAVA_FLOAT,
                    at + i,
                    a * cos.getAtIndex(JAVA_FLOAT, row + i) + b * sin.getAtIndex(JAVA_FLOAT, row + i));
            qkv.setAtIndex(
                    JAVA_FLOAT,
                    at + half + i,
                    b * cos.getAtIndex(JAVA_FLOAT, row + half + i) + a * sin.getAtIndex(JAVA_FLOAT, row + half + i));
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
