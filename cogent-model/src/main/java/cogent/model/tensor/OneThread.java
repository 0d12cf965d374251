package cogent.model.tensor;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.bytedeco.pytorch.global.torch;

/**
 * Keeps the operators that the calling thread calls on that thread: OpenMP and MKL know a number of threads for each
 * caller. ({@code torch.set_num_threads} would also decide for threads that come later.)
 */
final class OneThread {
    private static final MethodHandle OPENMP =
            LibTorch.withInt(LibTorch.ofTorch("libgomp.so.1"), "omp_set_num_threads");
    private static final MethodHandle BLAS = LibTorch.blas().equals("mkl")
            ? LibTorch.withInt(LibTorch.ofMkl(), "MKL_Set_Num_Threads_Local")
            : MethodHandles.empty(MethodType.methodType(void.class, int.class));

    private OneThread() {}

    /** @return for {@link #leave} */
    static int enter() {
        int before = torch.get_num_threads();
        LibTorch.call(OPENMP, 1);
        LibTorch.call(BLAS, 1);
        return before;
    }

    static void leave(int before) {
        LibTorch.call(OPENMP, before);
        LibTorch.call(BLAS, 0); // again as many as all have
    }
}
