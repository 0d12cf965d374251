package cogent.model.tensor;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
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
        ThreadTeam gang = ThreadTeam.now();
        gang.run(i -> {
            long from = all * i / gang.threads();
            long to = all * (i + 1) / gang.threads();
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

    /** Whether this platform's libtorch has {@link Packed}. */
    public static boolean canPack() {
        return Context.hasMKLDNN();
    }

    /**
     * A layer's weight as oneDNN reads it fastest, a part for each thread of a team: for very many products of few rows. It is a copy, which
     * sees no change of the weight.
     */
    public static final class Packed implements AutoCloseable {
        private static final BoxedOperator PACK = BoxedOperator.named("mkldnn::_reorder_linear_weight", "");
        private static final BoxedOperator LINEAR = BoxedOperator.named("mkldnn::_linear_pointwise", "");
        private static final IValue NO_SCALARS = LINEAR.emptyList(4);

        private record Rows(Tensor weight, @Nullable Tensor bias) {}

        private final List<Rows> parts;

        private Packed(List<Rows> parts) {
            this.parts = parts;
        }

        /**
         * @param weight F32 {@code [out, in]}
         * @param bias {@code [out]} or none
         * @param rows about how many a product will have
         */
        public static Packed of(Tensor weight, @Nullable Tensor bias, int parts, int rows) {
            List<Rows> all = new ArrayList<>();
            long out = weight.size(0);
            for (int part = 0; part < parts; part++) {
                long from = out * part / parts;
                long length = out * (part + 1) / parts - from;
                try (Scope _ = Scope.open()) {
                    Tensor own = weight.detach().narrow(0, from, length);
                    all.add(new Rows(
                            length == 0
                                    ? own.retained()
                                    : PACK.tensor(own.contiguous(), (long) rows).retained(),
                            bias == null
                                    ? null
                                    : bias.detach().narrow(0, from, length).retained()));
                }
            }
            return new Packed(all);
        }

        /**
         * A part's columns of x · weightᵀ + bias, or what they add to those that are there. On a thread of the team.
         *
         * @param x retained, {@code [rows, in]}
         * @param y from the part's first column on
         * @param width of a row there
         */
        public void apply(Tensor x, int part, MemorySegment y, int width, boolean added) {
            Rows own = parts.get(part);
            if (own.weight.numel() == 0) {
                return;
            }
            try (Scope _ = Scope.open()) {
                Object bias = own.bias == null ? BoxedOperator.NONE : own.bias;
                Tensor product = LINEAR.tensor(x, own.weight, bias, "none", NO_SCALARS, "");
                int columns = (int) product.size(1);
                MemorySegment values = Memory.segment(product);
                for (long row = 0; row < product.size(0); row++) {
                    if (added) {
                        add(values, row * columns, y, row * width, columns);
                    } else {
                        MemorySegment.copy(values, 4 * row * columns, y, 4 * row * width, 4L * columns);
                    }
                }
            }
        }

        private static void add(MemorySegment from, long at, MemorySegment to, long into, int count) {
            for (int i = 0; i < count; i++) {
                to.setAtIndex(
                        JAVA_FLOAT,
                        into + i,
                        to.getAtIndex(JAVA_FLOAT, into + i) + from.getAtIndex(JAVA_FLOAT, at + i));
            }
        }

        @Override
        public void close() {
            for (Rows part : parts) {
                part.weight.close();
                if (part.bias != null) {
                    part.bias.close();
                }
            }
        }
    }
}
