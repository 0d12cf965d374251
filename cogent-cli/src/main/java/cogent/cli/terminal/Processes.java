package cogent.cli.terminal;

import cogent.pipeline.run.StopRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import picocli.CommandLine.Model.CommandSpec;

/**
 * This command again, in several processes of this machine with the environment that launchers set. The first has the
 * terminal; when one fails, all end.
 */
public final class Processes {
    public static final String OPTION = "--processes";

    private static final String STARTED = "COGENT_STARTED_AS_RANK";

    /** An exit code above it is that of a signal, as shells have it; those of {@link Signals} are no failures. */
    private static final int SIGNALLED = 128;

    private static final int SECONDS_FOR_LAST_WORDS = 5;

    private final List<Process> ranks;
    private final List<Path> logs;

    private Processes(List<Process> ranks, List<Path> logs) {
        this.ranks = ranks;
        this.logs = logs;
    }

    /** Runs them all; gives the exit code of the first, or 1 when another one failed. */
    public static int run(CommandSpec spec, int count) {
        StopRequest stop = Signals.handled(_ -> {}); // rank 0 says it
        try {
            Processes processes =
                    start(spec.root().commandLine().getParseResult().originalArgs(), count);
            stop.whenAsked(processes::stop);
            int code = processes.end(spec.commandLine().getErr());
            for (Path log : processes.logs) {
                Files.delete(log);
            }
            return code;
        } catch (IOException e) {
            throw new UncheckedIOException("the " + count + " processes cannot be started", e);
        }
    }

    private static Processes start(List<String> arguments, int count) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "cogent.cli.Main"));
        command.addAll(arguments);
        int port = freePort();
        List<Process> ranks = new ArrayList<>();
        List<Path> logs = new ArrayList<>();
        for (int rank = 0; rank < count; rank++) {
            ProcessBuilder process = new ProcessBuilder(command);
            Map<String, String> environment = process.environment();
            environment.put("RANK", String.valueOf(rank));
            environment.put("LOCAL_RANK", String.valueOf(rank));
            environment.put("WORLD_SIZE", String.valueOf(count));
            environment.put("LOCAL_WORLD_SIZE", String.valueOf(count));
            environment.put("MASTER_ADDR", InetAddress.getLoopbackAddress().getHostAddress());
            environment.put("MASTER_PORT", String.valueOf(port));
            environment.put(STARTED, "1");
            environment.putIfAbsent("TORCH_CPP_LOG_LEVEL", "ERROR");
            Path log = Files.createTempFile("cogent-rank-" + rank + "-", ".log");
            logs.add(log);
            process.inheritIO();
            if (rank > 0) {
                process.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(log.toFile());
                process.redirectInput(ProcessBuilder.Redirect.from(ProcessBuilder.Redirect.DISCARD.file()));
            }
            ranks.add(process.start());
        }
        return new Processes(ranks, logs);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Those that have the terminal have seen its Ctrl-C themselves; a second signal would end them at once. */
    private void stop() {
        if (!Signals.wasCtrlC() || !TerminalSize.isAttached()) {
            ranks.forEach(Process::destroy);
        }
    }

    /** Waits for all, or for the first that fails: the others then have a moment for what they would say, and are ended. */
    private int end(PrintWriter err) throws IOException {
        while (failed().isEmpty() && ranks.stream().anyMatch(Process::isAlive)) {
            CompletableFuture.anyOf(ranks.stream()
                            .filter(Process::isAlive)
                            .map(Process::onExit)
                            .toArray(CompletableFuture<?>[]::new))
                    .join();
        }
        Process first = ranks.getFirst();
        OptionalInt failed = failed();
        if (failed.isEmpty()) { // asked to stop, they had SIGTERM for whatever signal came here
            return Signals.isStopped(first.exitValue()) ? Signals.exitCode() : first.exitValue();
        }
        int code = ranks.get(failed.getAsInt()).exitValue();
        boolean killed = code > SIGNALLED;
        if (!killed) {
            first.onExit()
                    .completeOnTimeout(first, SECONDS_FOR_LAST_WORDS, TimeUnit.SECONDS)
                    .join();
        }
        boolean told = !killed && !first.isAlive();
        ranks.forEach(Process::destroyForcibly);
        if (!told) {
            err.println("rank " + failed.getAsInt()
                    + (killed
                            ? " was killed (signal " + (code - SIGNALLED) + ")"
                            : " failed: " + lastLine(failed.getAsInt()))
                    + ", and all ranks have ended: the same command goes on at the last checkpoint");
        }
        return told ? first.exitValue() : 1;
    }

    /** A rank that ended neither well nor because it was asked to. */
    private OptionalInt failed() {
        return IntStream.range(0, ranks.size())
                .filter(rank -> !ranks.get(rank).isAlive())
                .filter(rank -> ranks.get(rank).exitValue() != 0
                        && !Signals.isStopped(ranks.get(rank).exitValue()))
                .findFirst();
    }

    private String lastLine(int rank) throws IOException {
        return Files.readAllLines(logs.get(rank)).stream()
                .filter(line -> !line.isBlank())
                .reduce((_, later) -> later)
                .orElse("without a word");
    }

    /** Ends this process when the one that started it is gone. */
    public static void endWithParent() {
        if (System.getenv(STARTED) != null) {
            ProcessHandle.current().parent().ifPresent(parent -> {
                var _ = parent.onExit().thenRun(() -> Runtime.getRuntime().halt(1));
            });
        }
    }
}
