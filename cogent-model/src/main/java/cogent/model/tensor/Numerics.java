package cogent.model.tensor;

import java.util.function.Supplier;
import org.bytedeco.pytorch.global.torch;

/**
 * How exact and how repeatable a GPU computes; the CPU knows neither choice and is both. Of the whole process: set before the
 * work that it is for.
 *
 * @param tf32 whether products of single precision may round their factors to TF32's ten bits (Ampere and later)
 * @param deterministic whether the same work gives the same bits every time; without it the order of some additions changes
 */
public record Numerics(boolean tf32, boolean deterministic) {
    static {
        LibTorch.load();
    }

    /** Full precision, the fastest order. */
    public static final Numerics STANDARD = new Numerics(false, false);

    /** Lets everything from here on be computed so. */
    public void apply() {
        var context = torch.globalContext();
        context.setAllowTF32CuBLAS(tf32);
        context.setDeterministicAlgorithms(deterministic, false);
        context.setDeterministicFillUninitializedMemory(false); // what is made empty is written before it is read
    }

    /**
     * Does work of which libtorch knows no deterministic kind, and would refuse to do any: sums along a row, which a GPU's thread block
     * adds up in one order all the same.
     */
    public static <T> T ofEitherKind(Supplier<T> work) {
        Numerics now = current();
        if (!now.deterministic) {
            return work.get();
        }
        new Numerics(now.tf32, false).apply();
        try {
            return work.get();
        } finally {
            now.apply();
        }
    }

    /** What is in force. */
    public static Numerics current() {
        var context = torch.globalContext();
        return new Numerics(context.allowTF32CuBLAS(), context.deterministicAlgorithms());
    }
}
