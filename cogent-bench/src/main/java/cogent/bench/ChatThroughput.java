package cogent.bench;

import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.llm.meter.Budget;
import cogent.llm.openai.Endpoint;
import cogent.llm.resilience.Limits;
import cogent.llm.run.ChatModels;
import cogent.llm.store.RunDatabase;
import cogent.serve.ChatServer;
import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whole-process throughput of the chat client with everything on (limiter, meter, {@code run.db} with durable commits):
 * achieved ÷ ideal calls per second (ideal = concurrency ÷ latency), CPU milliseconds per call, peak memory. The stub
 * server is a process of its own with a set latency; each concurrency is driven by a fresh process.
 *
 * <p>Arguments: seconds to measure (default 10), latency in milliseconds (default 500), concurrencies (default 64 256
 * 1000).
 */
public final class ChatThroughput {
    /** About 1 500 tokens of rationale in, 500 out. */
    private static final String PROMPT = "Each step follows from the one before it, as it should be. ".repeat(100);

    private static final String REPLY = "First we add the two, then we take away the third. ".repeat(40);
    /** Until the compiler has done most of its work. */
    private static final Duration WARM_UP = Duration.ofSeconds(15);

    private static final PrintStream OUT = System.out;

    private ChatThroughput() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        switch (args.length == 0 ? "" : args[0]) {
            case "serve" -> serve(Long.parseLong(args[1]));
            case "drive" ->
                drive(args[1], Long.parseLong(args[2]), Integer.parseInt(args[3]), Integer.parseInt(args[4]));
            default -> compare(args);
        }
    }

    private static void compare(String[] args) throws IOException, InterruptedException {
        String seconds = args.length > 0 ? args[0] : "10";
        String latency = args.length > 1 ? args[1] : "500";
        List<String> concurrencies =
                args.length > 2 ? List.of(args).subList(2, args.length) : List.of("64", "256", "1000");
        OUT.printf(
                Locale.ROOT,
                "%d cores, load average %.1f at the start; latency %s ms%n",
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                latency);
        OUT.println("concurrency  calls/s  ideal  achieved/ideal  client ms CPU/call  client peak MiB");
        for (String concurrency : concurrencies) {
            Process server = java("serve", latency).start();
            try (BufferedReader said = server.inputReader()) {
                Process client = java("drive", said.readLine(), latency, concurrency, seconds)
                        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                        .start();
                client.waitFor();
            } finally {
                server.destroy();
            }
        }
    }

    private static ProcessBuilder java(String... args) {
        var command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                ChatThroughput.class.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    private static void serve(long latencyMillis) throws IOException {
        ChatModel stub = request -> {
            try {
                Thread.sleep(latencyMillis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return reply(REPLY);
        };
        try (ChatServer server = ChatServer.start("stub", stub, 0)) {
            OUT.println(server.base());
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        }
    }

    private static ChatReply reply(String text) {
        return new ChatReply("stub", text, "", ChatReply.Finish.STOP, new ChatReply.Usage(1500, 500, 0));
    }

    private static void drive(String base, long latencyMillis, int concurrency, int seconds)
            throws IOException, InterruptedException {
        Path run = Files.createTempDirectory("cogent-bench");
        var calls = new AtomicLong();
        var next = new AtomicLong();
        var measuring = new AtomicBoolean(true);
        try (var database = RunDatabase.open(run);
                var board = new ChatModels(database, Budget.UNLIMITED);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Limits limits = Limits.DEFAULT.withConcurrency(concurrency).withDeadline(Duration.ofMinutes(5));
            ChatModel model = board.connect(Endpoint.at(base, "stub").withLimits(limits));
            // as a curation does: somewhat more samples under way than calls allowed
            for (int i = 0; i < concurrency + concurrency / 8; i++) {
                threads.execute(() -> {
                    while (measuring.get()) {
                        model.chat(ChatRequest.of("critic", PROMPT + next.getAndIncrement()));
                        calls.incrementAndGet();
                    }
                });
            }
            Thread.sleep(WARM_UP);
            long calls0 = calls.get();
            long cpu0 = cpuNanos();
            long start = System.nanoTime();
            Thread.sleep(Duration.ofSeconds(seconds));
            double done = calls.get() - calls0;
            double spent = (cpuNanos() - cpu0) / 1e6;
            double elapsed = (System.nanoTime() - start) / 1e9;
            double ideal = concurrency * 1000.0 / latencyMillis;
            OUT.printf(
                    Locale.ROOT,
                    "%11d  %7.1f  %5.0f  %13.1f%%  %18.2f  %15d%n",
                    concurrency,
                    done / elapsed,
                    ideal,
                    100 * done / elapsed / ideal,
                    spent / done,
                    peakMiB());
            measuring.set(false);
        } finally {
            try (var files = Files.walk(run)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** The largest resident size so far; 0 where {@code /proc} does not tell. */
    private static long peakMiB() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return 0;
        }
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        }
    }
}
