package cogent.model.tensor;

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

    /** What is in force. */
    public static Numerics current() {
        var context = torch.globalContext();
        return new Numerics(context.allowTF32CuBLAS(), context.deterministicAlgorithms());
    }
}
