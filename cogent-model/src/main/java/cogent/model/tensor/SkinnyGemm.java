package cogent.model.tensor;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.QEngine;
import org.jspecify.annotations.Nullable;

/**
 * Products of few rows with large weights, as decoding has them: their time is that of reading the weights. MKL and oneDNN
 * compute them on one core, which cannot read as fast as the memory gives; here every core takes its share of the
 * weights' rows. Measured: docs/performance-model.md.
 */
public final class SkinnyGemm {
    static {
        LibTorch.load();
    }

    /** From here on the libraries' own threads do as well. */
    private static final long ROWS = 64;

    /** Below this many bytes of weights, meeting costs more than it saves. */
    private static final long BYTES = 1 << 18;

    private SkinnyGemm() {}

    /** A layer's weight {@code [out, in]} and its bias {@code [out]} or none. */
    public record Layer(Tensor weight, @Nullable Tensor bias) {}

    /** Whether {@link #linear} is the way: few rows on the CPU, without a graph. */
    public static boolean fits(Tensor x, Tensor weight) {
        return !GradMode.isOn()
                && x.rank() == 2
                && x.size(0) < ROWS
                && weight.nbytes() >= BYTES
                && weight.raw().is_cpu();
    }

    /**
     * x · weightᵀ + bias of layers that see the same input, side by side.
     *
     * @param x {@code [rows, in]}
     * @return {@code [rows, out of all]}
     */
    public static Tensor linear(Tensor x, List<Layer> layers) {
        var in = x.raw();
        Part[] parts = new Part[layers.size()];
        long out = 0;
        for (int i = 0; i < parts.length; i++) {
            Layer layer = layers.get(i);
            var weight = layer.weight.raw();
            parts[i] = Part.of(in, weight, layer.bias == null ? null : layer.bias.raw(), out);
            out += parts[i].out;
        }
        long all = out;
        Tensor y = Tensor.own(torch.empty(
                new long[] {x.size(0), all}, new TensorOptions(x.dtype().raw()), new MemoryFormatOptional()));
        var result = y.raw();
        MemorySegment columns = Memory.segment(y);
        ThreadTeam team = ThreadTeam.now();
        team.run(i -> {
            long from = ThreadTeam.share(all, i, team.threads());
            long to = ThreadTeam.share(all, i + 1, team.threads());
            for (Part part : parts) {
                part.compute(in, result, columns, all, from, to);
            }
        });
        return y;
    }

    /**
     * A layer whose output begins at a column of the result.
     *
     * @param direct addresses of its operands, for {@link Blas}; none where they are of another type
     */
    private record Part(
            org.bytedeco.pytorch.Tensor weight,
            org.bytedeco.pytorch.@Nullable Tensor bias,
            long at,
            long out,
            @Nullable Direct direct) {

        private record Direct(
                MemorySegment x,
                int rows,
                int in,
                MemorySegment weight,
                @Nullable MemorySegment bias) {}

        static Part of(
                org.bytedeco.pytorch.Tensor x,
                org.bytedeco.pytorch.Tensor weight,
                org.bytedeco.pytorch.@Nullable Tensor bias,
                long at) {
            boolean plain = Blas.isPresent()
                    && weight.scalar_type().intern() == torch.ScalarType.Float
                    && x.is_contiguous()
                    && weight.is_contiguous()
                    && x.size(1) == weight.size(1)
                    && (bias == null || bias.is_contiguous());
            Direct direct = plain
                    ? new Direct(
                            Memory.segment(x),
                            (int) x.size(0),
                            (int) x.size(1),
                            Memory.segment(weight),
                            bias == null ? null : Memory.segment(bias))
                    : null;
            return new Part(weight, bias, at, weight.size(0), direct);
        }

        /** What of the layer lies in a range of the result's columns. */
        void compute(
                org.bytedeco.pytorch.Tensor x,
                org.bytedeco.pytorch.Tensor result,
                MemorySegment y,
                long width,
                long from,
                long to) {
            long start = Math.max(from, at);
            long length = Math.min(to, at + out) - start;
            if (length <= 0) {
                return;
            }
            if (direct != null) {
                Blas.linear(
                        direct.x,
                        direct.rows,
                        direct.in,
                        direct.weight,
                        direct.bias,
                        (int) (start - at),
                        (int) (start - at + length),
                        y.asSlice(4 * at),
                        (int) width,
                        false);
                return;
            }
            try (var _ = new PointerScope()) {
                var part = result.narrow(1, start, length);
                torch.mm_out(part, x, weight.narrow(0, start - at, length).t());
                if (bias != null) {
                    part.add_(bias.narrow(0, start - at, length));
                }
            }
        }
    }

    /** Whether this platform's libtorch has {@link Packed} for weights of a type. */
    public static boolean canPack(DType dtype) {
        return switch (dtype) {
            case F32 -> Context.hasMKLDNN();
            case BF16 -> {
                QEngine engine = torch.globalContext().qEngine().intern();
                yield engine == QEngine.X86 || engine == QEngine.FBGEMM;
            }
            default -> false;
        };
    }

    /**
     * Weights of layers that see the same input, as a library reads them fastest, a part for each thread of a team: for very many products
     * of few rows in single precision. It is a copy, which sees no change of the weights. Weights in F32 are laid out by oneDNN. Those in
     * BF16 become F16 for FBGEMM, which widens them as it reads: brought into its range by a power of two they lose nothing, but what is
     * less than 2<sup>-39</sup> of the largest.
     */
    public static final class Packed implements AutoCloseable {
        private static final BoxedOperator PACK = BoxedOperator.named("mkldnn::_reorder_linear_weight", "");
        private static final BoxedOperator LINEAR = BoxedOperator.named("mkldnn::_linear_pointwise", "");
        private static final IValue NO_SCALARS = LINEAR.emptyList(4);
        private static final BoxedOperator PACK_HALF = BoxedOperator.named("quantized::linear_prepack_fp16", "");
        private static final BoxedOperator LINEAR_HALF = BoxedOperator.named("quantized::linear_dynamic_fp16", "");

        /**
         * A thread's rows of the weight.
         *
         * @param scale what its products are to be multiplied with; 0 where it has no rows
         */
        private record Rows(UnaryOperator<Tensor> product, float scale, Runnable close) {
            static final Rows NONE = new Rows(x -> x, 0, () -> {});

            static Rows single(Tensor weight, @Nullable Tensor bias, int rows) {
                Tensor packed = PACK.tensor(weight.contiguous(), (long) rows).retained();
                if (bias == null) {
                    return new Rows(
                            x -> LINEAR.tensor(x, packed, BoxedOperator.NONE, "none", NO_SCALARS, ""),
                            1,
                            packed::close);
                }
                Tensor own = bias.retained();
                return new Rows(x -> LINEAR.tensor(x, packed, own, "none", NO_SCALARS, ""), 1, () -> {
                    packed.close();
                    own.close();
                });
            }

            static Rows half(Tensor weight, @Nullable Tensor bias) {
                Tensor wide = weight.to(DType.F32);
                int exponent = Math.getExponent((float) wide.abs().max().item());
                float scale = Math.scalb(1f, Math.clamp(14L - exponent, -126, 126));
                IValue packed = new IValue(PACK_HALF.boxed(
                        wide.mul(scale),
                        bias == null ? BoxedOperator.NONE : bias.to(DType.F32).mul(scale)));
                packed.retainReference();
                return new Rows(x -> LINEAR_HALF.tensor(x, packed), 1 / scale, packed::releaseReference);
            }
        }

        private final List<Rows> parts;
        private final long[] outs;

        private Packed(List<Rows> parts, long[] outs) {
            this.parts = parts;
            this.outs = outs;
        }

        /**
         * @param layers of one type that {@link #canPack}
         * @param rows about how many a product will have
         */
        public static Packed of(List<Layer> layers, ThreadTeam team, int rows) {
            Rows[] all = new Rows[team.threads()];
            team.run(part -> {
                try (Scope _ = Scope.open()) {
                    all[part] = rows(layers, part, all.length, rows);
                }
            });
            return new Packed(
                    List.of(all),
                    layers.stream().mapToLong(layer -> layer.weight.size(0)).toArray());
        }

        private static Rows rows(List<Layer> layers, int part, int parts, int rows) {
            List<Tensor> weights = new ArrayList<>();
            List<Tensor> biases = new ArrayList<>();
            for (Layer layer : layers) {
                long out = layer.weight.size(0);
                long from = ThreadTeam.share(out, part, parts);
                long length = ThreadTeam.share(out, part + 1, parts) - from;
                Tensor bias = layer.bias == null ? Tensors.zeros(layer.weight.dtype(), out) : layer.bias.detach();
                weights.add(layer.weight.detach().narrow(0, from, length));
                biases.add(bias.narrow(0, from, length));
            }
            Tensor weight = Tensors.cat(weights, 0);
            Tensor bias = layers.stream().allMatch(layer -> layer.bias == null) ? null : Tensors.cat(biases, 0);
            return weight.size(0) == 0
                    ? Rows.NONE
                    : weight.dtype() == DType.BF16 ? Rows.half(weight, bias) : Rows.single(weight, bias, rows);
        }

        /**
         * A part's columns of x · weightᵀ + bias of all layers, or what they add to those that are there. On a thread of the team.
         *
         * @param x F32, retained, {@code [rows, in]}
         * @param y {@code [rows, out of all]}
         */
        public void apply(Tensor x, int part, MemorySegment y, boolean added) {
            Rows own = parts.get(part);
            if (own.scale == 0) {
                return;
            }
            try (Scope _ = Scope.open()) {
                Tensor product = own.product.apply(x);
                MemorySegment values = Memory.segment(product);
                long from = 0;
                long width = LongStream.of(outs).sum();
                for (long row = 0; row < product.size(0); row++) {
                    long layer = row * width;
                    for (long out : outs) {
                        long to = layer + ThreadTeam.share(out, part, parts.size());
                        long count = ThreadTeam.share(out, part + 1, parts.size())
                                - ThreadTeam.share(out, part, parts.size());
                        put(values, from, own.scale, y, to, count, added);
                        from += count;
                        layer += out;
                    }
                }
            }
        }

        private static void put(
                MemorySegment from, long at, float scale, MemorySegment to, long into, long count, boolean added) {
            for (long i = 0; i < count; i++) {
                float there = added ? to.getAtIndex(JAVA_FLOAT, into + i) : 0;
                to.setAtIndex(JAVA_FLOAT, into + i, there + scale * from.getAtIndex(JAVA_FLOAT, at + i));
            }
        }

        @Override
        public void close() {
            parts.forEach(part -> part.close.run());
        }
    }
}
