package cogent.train.forward;

import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.time.Duration;

/**
 * What this machine can do at most with the threads it is given: the yardstick of estimates, of model FLOPs utilisation
 * and of the benchmarks.
 *
 * @param gemmFlops floating-point operations a second of a large matrix product (2·m·n·k each)
 * @param copyBytes bytes a second of a large copy, read and written bytes both counted
 */
public record MachineSpeed(double gemmFlops, double copyBytes) {
    private static final long SIDE = 1024;

    /** Of a GPU, which smaller products do not fill. */
    private static final long DEVICE_SIDE = 8192;

    /** Products between two looks at a GPU, whose answer takes its time. */
    private static final int DEVICE_PRODUCTS = 4;

    private static final long COPIED = 1L << 26;

    /**
     * Measures both, the best of many short tries each.
     *
     * @param each how long to try for each of the two; a tenth of a second tells it within some percent on a quiet machine
     */
    public static MachineSpeed measure(Device device, DType dtype, Duration each) {
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            long side = device.isCpu() ? SIDE : DEVICE_SIDE;
            int products = device.isCpu() ? 1 : DEVICE_PRODUCTS;
            Tensor a = Tensors.randn(1, side, side).to(device, dtype);
            Tensor b = Tensors.randn(2, side, side).to(device, dtype);
            Tensor from = Tensors.zeros(device, DType.F32, COPIED / Float.BYTES);
            Tensor to = Tensors.zeros(device, DType.F32, COPIED / Float.BYTES);
            return new MachineSpeed(
                    2.0 * side * side * side * products / best(each, () -> waited(last(products, a, b))),
                    2.0 * COPIED / best(each, () -> waited(to.copy_(from))));
        }
    }

    private static Tensor last(int products, Tensor a, Tensor b) {
        Tensor product = Nn.linear(a, b, null);
        for (int i = 1; i < products; i++) {
            product.close();
            product = Nn.linear(a, b, null);
        }
        return product;
    }

    /** The shortest time of the work in seconds; the first try only warms up. */
    private static double best(Duration time, Runnable work) {
        Scope.run(work);
        double best = Double.POSITIVE_INFINITY;
        long end = System.nanoTime() + time.toNanos();
        do {
            long start = System.nanoTime();
            Scope.run(work);
            best = Math.min(best, (System.nanoTime() - start) / 1e9);
        } while (System.nanoTime() < end);
        return best;
    }

    /** A device works behind the program's back until a value of the result is asked for. */
    private static void waited(Tensor result) {
        if (!result.device().isCpu()) {
            double _ = result.reshape(-1).select(0, 0).item();
        }
    }
}
