package cogent.model.tensor;

import cogent.data.InputException;
import cogent.model.process.Launch;
import java.util.regex.Pattern;

/**
 * Where a tensor lives.
 *
 * @param name {@code cpu}, {@code cuda} or {@code cuda:N}
 */
public record Device(String name) {
    private static final Pattern NAMES = Pattern.compile("cpu|cuda(:\\d{1,3})?");

    public static final Device CPU = new Device("cpu");

    public Device {
        if (!NAMES.matcher(name).matches()) {
            throw new IllegalArgumentException("no such device: " + name + " (cpu, cuda or cuda:N)");
        }
    }

    /**
     * A device that the user named; {@code cuda} is the GPU of this process where a launcher has numbered the processes of the
     * machine.
     *
     * @throws InputException when there is no such device on this machine, or this build cannot use it
     */
    public static Device named(String name) {
        if (!NAMES.matcher(name).matches()) {
            throw new InputException("device " + name + ": expected cpu, cuda or cuda:N");
        }
        Device device = new Device(
                name.equals("cuda")
                        ? Launch.of(System.getenv())
                                .map(launch -> "cuda:" + launch.localRank())
                                .orElse(name)
                        : name);
        if (!device.isCpu() && !LibTorch.cudaIsAvailable()) {
            throw new InputException(
                    "device " + name + ": libtorch sees no CUDA device here. It takes a GPU with its"
                            + " driver, the CUDA 13 libraries, and Cogent built with ./mvnw -Pcuda (docs/decisions/devices.md)");
        }
        return device;
    }

    public boolean isCpu() {
        return name.equals("cpu");
    }

    /** Of a GPU. */
    byte index() {
        int colon = name.indexOf(':');
        return colon < 0 ? 0 : Byte.parseByte(name.substring(colon + 1));
    }

    org.bytedeco.pytorch.Device raw() {
        return new org.bytedeco.pytorch.Device(name);
    }
}
