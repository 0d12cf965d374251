package cogent.eval.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cogent.data.InputException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile programs, each contained and reported; where there is no sandbox there is nothing to test. */
class SandboxTest {
    private static final ProgramLimits LIMITS = new ProgramLimits(Duration.ofSeconds(20), 256L << 20, 1 << 16);

    /** For programs that run into the clock. */
    private static final ProgramLimits SHORT = new ProgramLimits(Duration.ofMillis(1500), 256L << 20, 1 << 16);

    private static Sandbox sandbox;

    @BeforeAll
    static void open() {
        try {
            sandbox = Sandbox.open();
        } catch (InputException e) {
            assumeTrue(false, e.getMessage());
        }
    }

    @AfterAll
    static void close() {
        if (sandbox != null) {
            sandbox.close();
        }
    }

    private static ProgramRun run(String program, ProgramLimits limits) {
        return run(program, "", limits);
    }

    private static ProgramRun run(String program, String input, ProgramLimits limits) {
        try (Sandbox.Program p = sandbox.program(program, "")) {
            return p.run(input, limits);
        }
    }

    @Test
    void an_honest_program_reads_and_prints() {
        ProgramRun ran = run("n = int(input())\nprint(sum(int(x) for x in input().split()), n)", "3\n1 2 3\n", LIMITS);
        assertThat(ran).isEqualTo(new ProgramRun(ProgramEnd.EXITED, 0, "6 3\n", ""));
    }

    @Test
    void a_program_that_fails_says_why() {
        ProgramRun ran = run("import sys\nprint(1)\nsys.stdout.flush()\nraise ValueError('no')", LIMITS);
        assertThat(ran.end()).isEqualTo(ProgramEnd.EXITED);
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.error()).contains("ValueError: no");
    }

    @Test
    void an_endless_loop_ends_at_the_time_limit() {
        assertThat(run("while True: pass", SHORT).end()).isEqualTo(ProgramEnd.TIME_LIMIT);
        assertThat(run("import time\ntime.sleep(1000)", SHORT).end()).isEqualTo(ProgramEnd.TIME_LIMIT);
    }

    @Test
    void a_memory_bomb_ends_at_the_memory_limit() {
        ProgramRun ran = run("x = []\nwhile True: x.append(bytearray(b'x' * 10_000_000))", LIMITS);
        assertThat(ran.end()).isEqualTo(ProgramEnd.MEMORY_LIMIT);
        assertThat(run("x = bytearray(1 << 42)", LIMITS).end()).isEqualTo(ProgramEnd.MEMORY_LIMIT);
    }

    @Test
    void memory_shared_out_among_processes_counts_together() {
        ProgramRun ran = run("""
                import os, time
                for _ in range(8):
                    if os.fork() == 0:
                        x = b'x' * 60_000_000
                        time.sleep(60)
                time.sleep(60)
                """, LIMITS);
        assertThat(ran.end()).isEqualTo(ProgramEnd.MEMORY_LIMIT);
    }

    @Test
    void endless_output_is_cut_off() {
        ProgramRun ran = run("while True: print('x' * 1000)", LIMITS);
        assertThat(ran.end()).isEqualTo(ProgramEnd.OUTPUT_LIMIT);
        assertThat(ran.output()).hasSize(1 << 16);
    }

    @Test
    void a_fork_bomb_goes_no_further_than_its_process_limit() {
        ProgramRun ran = run("""
                import os
                while True:
                    try:
                        os.fork()
                    except OSError:
                        pass
                """, SHORT);
        assertThat(ran.end()).isIn(ProgramEnd.TIME_LIMIT, ProgramEnd.PROCESS_LIMIT, ProgramEnd.MEMORY_LIMIT);
        assertThat(survivors()).isEmpty();
    }

    @Test
    void children_left_behind_are_gone_with_the_program() {
        ProgramRun ran = run("""
                import os, time
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() == 0:
                        time.sleep(1000)
                    os._exit(0)
                print("left")
                """, LIMITS);
        assertThat(ran.code()).isZero();
        assertThat(survivors()).isEmpty();
    }

    /** Processes of programs that are still there. */
    private static List<String> survivors() {
        return ProcessHandle.allProcesses()
                .filter(ProcessHandle::isAlive)
                .map(process -> process.info().commandLine().orElse(""))
                .filter(command -> command.contains("/box/run.py") && command.contains("program-"))
                .filter(command -> !command.contains("bwrap"))
                .toList();
    }

    @Test
    void there_is_no_network_not_even_to_this_machine() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ProgramRun ran = run("""
                    import socket
                    socket.create_connection(("127.0.0.1", %d), 2)
                    print("connected")
                    """.formatted(server.getLocalPort()), LIMITS);
            assertThat(ran.code()).isNotZero();
            assertThat(ran.output()).isEmpty();
            assertThat(ran.error()).containsAnyOf("refused", "unreachable");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/etc/passwd", "/etc/shadow", "/root", "/home", "/proc/1/environ", "/box/filter/x", "/var/log"})
    void the_hosts_files_are_not_there(String path) {
        ProgramRun ran = run("""
                import os
                print(os.listdir(%1$s) if os.path.isdir(%1$s) else open(%1$s).read())
                """.formatted("\"" + path + "\""), LIMITS);
        assertThat(ran.code()).as(ran.output()).isNotZero();
    }

    @Test
    void neither_the_users_files_nor_the_environment_are_in_sight(@TempDir Path folder) throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "my precious");
        ProgramRun ran = run("import os\nprint(dict(os.environ))\nprint(open('%s').read())".formatted(secret), LIMITS);
        assertThat(ran.code()).isNotZero();
        assertThat(ran.output()).doesNotContain("precious", System.getProperty("user.dir"));
        assertThat(ran.error()).contains("FileNotFoundError");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/usr/evil", "/box/evil", "/evil", "/dev/evil", "/dev/shm/evil", "/proc/sys/kernel/hostname"})
    void nothing_outside_of_tmp_can_be_written(String path) {
        ProgramRun ran = run("open('%s', 'w').write('x')".formatted(path), LIMITS);
        assertThat(ran.code()).isNotZero();
    }

    @Test
    void tmp_is_private_small_and_gone_afterwards() {
        assertThat(run("open('/tmp/kept', 'w').write('x')\nprint(open('/tmp/kept').read())", LIMITS)
                        .output())
                .isEqualTo("x\n");
        assertThat(run("open('/tmp/kept')", LIMITS).code()).isNotZero();
        ProgramRun filling = run("for i in range(100): open(f'/tmp/{i}', 'w').write('x' * 8_000_000)", LIMITS);
        assertThat(filling.code()).isNotZero();
        ProgramRun large = run("open('/tmp/large', 'wb').write(b'x' * 60_000_000)", LIMITS);
        assertThat(large.code()).isNotZero();
    }

    @Test
    void the_parent_cannot_be_killed() {
        long here = ProcessHandle.current().pid();
        ProgramRun ran = run("""
                import os, signal
                for pid in (%d, 1, os.getppid(), -1):
                    try:
                        os.kill(pid, signal.SIGKILL)
                    except OSError as e:
                        print(e)
                """.formatted(here), LIMITS);
        assertThat(ran.end()).isEqualTo(ProgramEnd.EXITED);
        assertThat(run("print('still here')", LIMITS).output()).isEqualTo("still here\n");
    }

    @Test
    void a_program_is_ended_with_who_waits_for_it() throws Exception {
        Process process = new ProcessBuilder("sleep", "600").start();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Watch.until(process, LIMITS, 8, () -> false)).isInstanceOf(InterruptedException.class);
        assertThat(process.waitFor()).isNotZero();
    }

    @Test
    void limits_and_privileges_cannot_be_raised_again() {
        ProgramRun ran = run("""
                import ctypes, os, resource
                for kind in (resource.RLIMIT_NPROC, resource.RLIMIT_AS, resource.RLIMIT_CPU):
                    try:
                        resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
                        print("raised")
                    except (OSError, ValueError):
                        pass
                try:
                    os.setuid(0)
                    print("root" if os.getuid() == 0 else "")
                except OSError:
                    pass
                libc = ctypes.CDLL(None, use_errno=True)
                print("ptrace", libc.ptrace(0, 0, 0, 0), "unshare", libc.unshare(0x10000000))
                """, LIMITS);
        assertThat(ran.output()).doesNotContain("raised", "root").contains("ptrace -1 unshare -1");
    }

    @Test
    void a_machine_without_a_sandbox_can_still_be_used_by_who_insists() {
        try (Sandbox none = Sandbox.none();
                Sandbox.Program program = none.program("print(input())", "")) {
            assertThat(none.contains()).isFalse();
            assertThat(program.run("hello", LIMITS).output()).isEqualTo("hello\n");
            try (Sandbox.Program endless = none.program("import os\nos.fork()\nwhile True: pass", "")) {
                assertThat(endless.run("", SHORT).end()).isEqualTo(ProgramEnd.TIME_LIMIT);
            }
        }
    }
}
