package cogent.train;

import cogent.tensor.DType;
import cogent.tensor.Device;
import cogent.tensor.MachineSpeed;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The machine's limit that training is held against, measured once a process. */
final class GemmPeak {
    private static @Nullable Double known;

    private GemmPeak() {}

    /** FLOP/s of single-precision matrix products on the device that trains, with the threads that there are. */
    static synchronized double flops(Device device) {
        Double before = known;
        if (before != null) {
            return before;
        }
        double now =
                MachineSpeed.measure(device, DType.F32, Duration.ofMillis(50)).gemmFlops();
        known = now;
        return now;
    }
}
