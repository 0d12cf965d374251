package cogent.eval.code;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Watches a program from outside and ends it with all its descendants when it goes over a limit. */
final class Watch {
    private static final long GLANCE_MILLIS = 25;
    private static final long PAGE = 4096;

    private Watch() {}

    /** Waits for the process to end, or ends it; whoever is interrupted meanwhile leaves none behind. */
    static ProgramEnd until(Process process, ProgramLimits limits, int processes, BooleanSupplier outputFull)
            throws InterruptedException {
        long deadline = System.nanoTime() + limits.wall().toNanos();
        try {
            while (!process.waitFor(GLANCE_MILLIS, TimeUnit.MILLISECONDS)) {
                ProgramEnd reason = reason(process, limits, processes, outputFull, deadline);
                if (reason != ProgramEnd.EXITED) {
                    kill(process);
                    return reason;
                }
            }
            return ProgramEnd.EXITED;
        } catch (InterruptedException e) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw e;
        }
    }

    private static ProgramEnd reason(
            Process process, ProgramLimits limits, int processes, BooleanSupplier outputFull, long deadline) {
        if (outputFull.getAsBoolean()) {
            return ProgramEnd.OUTPUT_LIMIT;
        }
        if (System.nanoTime() > deadline) {
            return ProgramEnd.TIME_LIMIT;
        }
        List<ProcessHandle> all = process.descendants().toList();
        if (all.size() > 2 * processes) {
            return ProgramEnd.PROCESS_LIMIT;
        }
        long memory = all.stream().mapToLong(handle -> resident(handle.pid())).sum();
        return memory > limits.memoryBytes() ? ProgramEnd.MEMORY_LIMIT : ProgramEnd.EXITED;
    }

    /** Resident bytes, shared pages with others included (proc_pid_statm, second field). */
    private static long resident(long pid) {
        try {
            return PAGE
                    * Long.parseLong(
                            Files.readString(Path.of("/proc/" + pid + "/statm")).split(" ", -1)[1]);
        } catch (IOException | RuntimeException e) {
            return 0; // it has just ended, or this system has no /proc
        }
    }

    /** In a sandbox the first kill ends them all, its namespace being gone; without one descendants may need several. */
    private static void kill(Process process) throws InterruptedException {
        for (int round = 0; round < 50; round++) {
            List<ProcessHandle> all = process.descendants().toList();
            all.forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            if (all.isEmpty() && process.waitFor(GLANCE_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }
}
