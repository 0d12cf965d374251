package cogent.train.forward;

import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.Numerics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The machine's limit that training is held against, measured once a process, and once more where more than that was done. */
public final class GemmPeak {
    private record Kind(Device device, DType dtype, boolean tf32) {}

    private static final Map<Kind, Double> KNOWN = new HashMap<>();

    private GemmPeak() {}

    /** FLOP/s of matrix products of a type on the device that trains, with the threads that there are. */
    public static synchronized double flops(Device device, DType dtype) {
        return KNOWN.computeIfAbsent(new Kind(device, dtype, Numerics.current().tf32()), _ -> measured(device, dtype));
    }

    /**
     * The share of the limit that so many FLOP/s are, at most 1: what was done can be done, so that a limit that was taken beside
     * other work gives way.
     */
    public static synchronized double share(double flops, Device device, DType dtype) {
        double limit = flops(device, dtype);
        if (flops > limit) {
            limit = Math.max(flops, measured(device, dtype));
            KNOWN.put(new Kind(device, dtype, Numerics.current().tf32()), limit);
        }
        return flops / limit;
    }

    private static double measured(Device device, DType dtype) {
        return MachineSpeed.measure(device, dtype, Duration.ofMillis(50)).gemmFlops();
    }
}
