package cogent.model.tensor;

import cogent.model.tensor.Blas.Matrix;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Products of large matrices in single precision on the CPU, shared out among the threads of a team, each of which computes a
 * block of the result: where {@link Blas#isBest}. libtorch has its own way for all others.
 */
final class SharedGemm {
    static {
        LibTorch.load();
    }

    /** Below so many multiplications meeting costs more than it saves. */
    private static final long WORK = 1 << 22;

    private SharedGemm() {}

    /** Whether a product is one of these: large, two-dimensional, without a graph. */
    static boolean fits(Tensor a, Tensor b) {
        return Blas.isBest()
                && isPlain(a)
                && isPlain(b)
                && a.size(1) == b.size(0)
                && a.size(0) * a.size(1) * b.size(1) >= WORK
                && !learns(a)
                && !learns(b);
    }

    /** Whether the product can be added up where the sum lies. */
    static boolean fits(Tensor sum, Tensor a, Tensor b) {
        return fits(a, b) && isRows(sum) && sum.size(0) == a.size(0) && sum.size(1) == b.size(1) && !learns(sum);
    }

    /** The same of x · weightᵀ + bias. */
    static boolean fitsLinear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        return Blas.isBest()
                && weight.rank() == 2
                && (bias == null || addable(bias, weight))
                && fits(x, weight.transpose(0, 1));
    }

    private static boolean addable(Tensor bias, Tensor weight) {
        return bias.dtype() == DType.F32 && bias.rank() == 1 && bias.size(0) == weight.size(0) && !learns(bias);
    }

    private static boolean learns(Tensor tensor) {
        return GradMode.isOn() && tensor.requiresGrad();
    }

    private static boolean isRows(Tensor tensor) {
        return isPlain(tensor) && !isTransposed(tensor);
    }

    private static boolean isTransposed(Tensor tensor) {
        var raw = tensor.raw();
        return raw.stride(1) != 1 || raw.stride(0) < raw.size(1);
    }

    private static boolean isPlain(Tensor tensor) {
        var raw = tensor.raw();
        return raw.dim() == 2
                && raw.is_cpu()
                && raw.scalar_type().intern() == torch.ScalarType.Float
                && (!isTransposed(tensor) || (raw.stride(0) == 1 && raw.stride(1) >= raw.size(0)));
    }

    /** a · b + bias, a new tensor. */
    static Tensor product(Tensor a, Tensor b, @Nullable Tensor bias) {
        Tensor c = Tensor.own(torch.empty(
                new long[] {a.size(0), b.size(1)},
                new TensorOptions(torch.ScalarType.Float),
                new MemoryFormatOptional()));
        if (bias != null) {
            c.copy_(bias);
        }
        multiply(a, b, c, bias == null ? 0 : 1, 1);
        return c;
    }

    /** c = kept · c + factor · a b. */
    static void add(Tensor c, Tensor a, Tensor b, double kept, double factor) {
        multiply(a, b, c, kept, factor);
        c.changed();
    }

    private static void multiply(Tensor a, Tensor b, Tensor c, double kept, double factor) {
        long rows = c.size(0);
        long columns = c.size(1);
        int inner = (int) a.size(1);
        Matrix left = matrix(a);
        Matrix right = matrix(b);
        Matrix sum = matrix(c);
        ThreadTeam team = ThreadTeam.now();
        int down = down(team.threads(), rows, columns);
        int across = team.threads() / down;
        team.run(part -> {
            long top = rows * (part / across) / down;
            long bottom = rows * (part / across + 1) / down;
            long start = columns * (part % across) / across;
            long end = columns * (part % across + 1) / across;
            if (top < bottom && start < end) {
                Blas.multiply(
                        left.from(top, 0),
                        right.from(0, start),
                        sum.from(top, start),
                        (int) (bottom - top),
                        (int) (end - start),
                        inner,
                        (float) factor,
                        (float) kept);
            }
        });
    }

    /** In how many blocks the rows are cut, so that all blocks together read the least. */
    private static int down(int threads, long rows, long columns) {
        int best = 1;
        double least = Double.POSITIVE_INFINITY;
        for (int down = 1; down <= threads; down++) {
            double read = (double) rows / down + (double) columns * down / threads;
            if (threads % down == 0 && read < least) {
                best = down;
                least = read;
            }
        }
        return best;
    }

    private static Matrix matrix(Tensor tensor) {
        var raw = tensor.raw();
        boolean transposed = isTransposed(tensor);
        return new Matrix(raw.data_ptr().address(), (int) raw.stride(transposed ? 1 : 0), transposed);
    }
}
