package cogent.train;

import cogent.tensor.DType;
import cogent.tensor.Device;
import cogent.tensor.MachineSpeed;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** The machine's limit that training is held against, measured once a process and type. */
final class GemmPeak {
    private static final Map<DType, Double> KNOWN = new EnumMap<>(DType.class);

    private GemmPeak() {}

    /** FLOP/s of matrix products of a type on the device that trains, with the threads that there are. */
    static synchronized double flops(Device device, DType dtype) {
        return KNOWN.computeIfAbsent(
                dtype,
                type -> MachineSpeed.measure(device, type, Duration.ofMillis(50))
                        .gemmFlops());
    }
}
