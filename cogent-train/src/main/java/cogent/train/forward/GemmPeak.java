package cogent.train.forward;

import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.Numerics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The machine's limit that training is held against, measured once a process. */
public final class GemmPeak {
    private record Kind(Device device, DType dtype, boolean tf32) {}

    private static final Map<Kind, Double> KNOWN = new HashMap<>();

    private GemmPeak() {}

    /** FLOP/s of matrix products of a type on the device that trains, with the threads that there are. */
    public static synchronized double flops(Device device, DType dtype) {
        return KNOWN.computeIfAbsent(
                new Kind(device, dtype, Numerics.current().tf32()),
                _ -> MachineSpeed.measure(device, dtype, Duration.ofMillis(50)).gemmFlops());
    }
}
