package cogent.model.tensor;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
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

    /** Below this many columns MKL reads a weight faster for two rows than for one. */
    private static final long PAIRED_COLUMNS = 2048;

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
        if (x.size(0) == 1 && x.dtype() == DType.F32 && x.size(1) < PAIRED_COLUMNS) {
            return shared(Tensors.cat(List.of(x, x), 0), layers).narrow(0, 0, 1);
        }
        return shared(x, layers);
    }

    /** Every thread computes its share of the result's columns. */
    static Tensor shared(Tensor x, List<Layer> layers) {
        var in = x.raw();
        Part[] parts = new Part[layers.size()];
        long out = 0;
        for (int i = 0; i < parts.length; i++) {
            Layer layer = layers.get(i);
            var weight = layer.weight.raw();
            parts[i] = new Part(weight, layer.bias == null ? null : layer.bias.raw(), out, weight.size(0));
            out += weight.size(0);
        }
        long all = out;
        Tensor y = Tensor.own(torch.empty(
                new long[] {x.size(0), all}, new TensorOptions(x.dtype().raw()), new MemoryFormatOptional()));
        var result = y.raw();
        ThreadTeam gang = ThreadTeam.now();
        gang.run(i -> {
            long from = all * i / gang.threads();
            long to = all * (i + 1) / gang.threads();
            try (var _ = new PointerScope()) {
                for (Part part : parts) {
                    part.compute(in, result, from, to);
                }
            }
        });
        return y;
    }

    /** A layer whose output begins at a column of the result. */
    private record Part(
            org.bytedeco.pytorch.Tensor weight, org.bytedeco.pytorch.@Nullable Tensor bias, long at, long out) {

        /** What of the layer lies in a range of the result's columns. */
        void compute(org.bytedeco.pytorch.Tensor x, org.bytedeco.pytorch.Tensor result, long from, long to) {
            long start = Math.max(from, at);
            long length = Math.min(to, at + out) - start;
            if (length > 0) {
                var y = result.narrow(1, start, length);
                torch.mm_out(y, x, weight.narrow(0, start - at, length).t());
                if (bias != null) {
                    y.add_(bias.narrow(0, start - at, length));
                }
            }
        }
    }
}
