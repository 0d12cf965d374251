package cogent.eval.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cogent.data.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class SandboxParentTest {
    /** A program that hides from its parent in every way it knows, and sleeps. */
    private static final String HIDING = """
            import os, signal, time
            for kind in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                signal.signal(kind, signal.SIG_IGN)
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    os.closerange(0, 3)
            time.sleep(1000)
            """;

    /** The parent: runs the program until it is killed. */
    public static final class Parent {
        private Parent() {}

        public static void main(String[] args) {
            try (Sandbox sandbox = Sandbox.open();
                    Sandbox.Program program = sandbox.program(HIDING, "")) {
                program.run("", new ProgramLimits(Duration.ofMinutes(10), 1L << 30, 1 << 10));
            }
        }
    }

    @Test
    void nothing_of_a_program_outlives_a_parent_that_is_killed() throws Exception {
        try {
            Sandbox.open().close();
        } catch (InputException e) {
            assumeTrue(false, e.getMessage());
        }
        Process parent = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<ProcessHandle> all = new ArrayList<>();
        try {
            // the program, its child and its grandchild, after the sandbox has been tried out
            await(() -> parent.descendants().filter(SandboxParentTest::isHiding).count() == 3);
            parent.descendants().forEach(all::add);
            parent.destroyForcibly();
            await(() -> all.stream().noneMatch(SandboxParentTest::lives));
        } finally {
            all.forEach(ProcessHandle::destroyForcibly);
            parent.destroyForcibly();
        }
        assertThat(parent.waitFor()).isNotZero();
    }

    private static boolean isHiding(ProcessHandle handle) {
        try {
            String command = Files.readString(Path.of("/proc/" + handle.pid() + "/cmdline"));
            return command.contains("python") && command.contains("program-") && !command.contains("bwrap");
        } catch (IOException e) {
            return false; // it has just ended
        }
    }

    /** One that nobody has asked for its end yet (a zombie) lives no more. */
    private static boolean lives(ProcessHandle handle) {
        try {
            String stat = Files.readString(Path.of("/proc/" + handle.pid() + "/stat"));
            return !stat.substring(stat.lastIndexOf(')') + 2).startsWith("Z");
        } catch (IOException e) {
            return false;
        }
    }

    private static void await(BooleanSupplier there) {
        long end = System.nanoTime() + 60_000_000_000L;
        while (!there.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited a minute").isLessThan(end);
            LockSupport.parkNanos(20_000_000);
        }
    }
}
