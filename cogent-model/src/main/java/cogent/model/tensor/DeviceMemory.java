package cogent.model.tensor;

import org.bytedeco.pytorch.SizeTPair;
import org.bytedeco.pytorch.Stat;
import org.bytedeco.pytorch.cuda.CUDAAllocator;
import org.bytedeco.pytorch.cuda.DeviceStats;
import org.bytedeco.pytorch.global.torch_cuda;

/**
 * A GPU's memory as libtorch's allocator sees it, in bytes.
 *
 * @param total of the device
 * @param free for anybody
 * @param peak the most that tensors of this process have held since {@link #forgetPeak}
 * @param reserved what this process holds from the device, tensors or not
 */
public record DeviceMemory(long total, long free, long peak, long reserved) {
    public static DeviceMemory of(Device device) {
        byte index = device.index();
        Scope.run(() -> Tensors.arange(device, 1)); // the allocator knows no device on which nothing has ever lain
        CUDAAllocator allocator = torch_cuda.getAllocator();
        SizeTPair memory = allocator.getMemoryInfo(index);
        try (DeviceStats stats = allocator.getDeviceStats(index)) {
            Stat held = stats.allocated_bytes();
            Stat reserved = stats.reserved_bytes();
            return new DeviceMemory(memory.second(), memory.first(), held.peak(), reserved.current());
        }
    }

    /** Lets the peak begin at what tensors hold now. */
    public static void forgetPeak(Device device) {
        torch_cuda.getAllocator().resetPeakStats(device.index());
    }

    /** Whether an error says that a GPU's memory was full. */
    public static boolean wasFull(RuntimeException error) {
        return error.getMessage() != null && error.getMessage().contains("CUDA out of memory");
    }

    /** Gives back to the device what no tensor lies in. */
    public static void release() {
        torch_cuda.getAllocator().emptyCache();
    }
}
