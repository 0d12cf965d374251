package cogent.tensor;

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

    public boolean isCpu() {
        return name.equals("cpu");
    }

    org.bytedeco.pytorch.Device raw() {
        return new org.bytedeco.pytorch.Device(name);
    }
}
