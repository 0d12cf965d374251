package cogent.train.forward;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Resident memory of this process, native and heap, as the kernel counts it. */
public final class ProcessMemory {
    private static final Path STATUS = Path.of("/proc/self/status");

    private ProcessMemory() {}

    /** {@code memory_mib} and {@code memory_peak_mib}; empty where the system does not tell. */
    public static Map<String, Double> mib() {
        Map<String, Double> found = new LinkedHashMap<>();
        try {
            if (Files.exists(STATUS)) {
                for (String line : Files.readAllLines(STATUS)) {
                    if (line.startsWith("VmRSS:")) {
                        found.put("memory_mib", kib(line) / 1024);
                    } else if (line.startsWith("VmHWM:")) {
                        found.put("memory_peak_mib", kib(line) / 1024);
                    }
                }
            }
        } catch (IOException e) {
            return Map.of(); // a metric less
        }
        return found;
    }

    private static double kib(String line) {
        return Double.parseDouble(line.replaceAll("[^0-9]", ""));
    }
}
