package cogent.train.forward;

import cogent.model.tensor.Device;
import cogent.model.tensor.DeviceMemory;
import java.util.Map;

/** What a training holds of its GPU, as metrics; a CPU's is the process's. */
public final class GpuMemory {
    private static final double MIB = 1 << 20;

    private GpuMemory() {}

    /** {@code gpu_memory_peak_mib} of tensors and {@code gpu_memory_reserved_mib}, which holds them; empty on a CPU. */
    public static Map<String, Double> mib(Device device) {
        if (device.isCpu()) {
            return Map.of();
        }
        DeviceMemory memory = DeviceMemory.of(device);
        return Map.of("gpu_memory_peak_mib", memory.peak() / MIB, "gpu_memory_reserved_mib", memory.reserved() / MIB);
    }
}
