package cogent.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command line as a user has it: in this process, or in one of its own for what needs signals. */
final class Cogent {
    private static final long PATIENCE_SECONDS = 120;

    private Cogent() {}

    /** What a command left on the terminal. */
    record Ran(int code, String out, String err) {}

    /** Runs a command in this process. */
    static Ran run(Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(
                Stream.of(args).map(String::valueOf).toArray(String[]::new),
                new PrintWriter(out, true),
                new PrintWriter(err, true));
        return new Ran(code, out.toString(), err.toString());
    }

    /** Writes a recipe of the playground, for a student that computes in bf16 on one thread. */
    static Path playground(Path folder, String rest) throws IOException {
        return Files.writeString(folder.resolve("x.yaml"), """
                runs: %s
                threads: 1
                corpus: {path: playground}
                student: {model: playground, dtype: bf16}
                teacher: {url: playground}
                format: {prompt: "{problem}", completion: "{rationale}"}
                """.formatted(folder.resolve("runs")) + rest);
    }

    /** The objects of a JSON Lines file. */
    static List<JsonNode> rows(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .map(JsonMapper.shared()::readTree)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A command in a process of its own. */
    record Child(Process process, Path log) {
        /** Waits until the predicate holds; false when the process ended before. */
        boolean waitFor(Moment moment) throws IOException, InterruptedException {
            while (!moment.isNow()) {
                if (process.waitFor(10, TimeUnit.MILLISECONDS)) {
                    return moment.isNow();
                }
            }
            return true;
        }

        /** Sends a signal by its name. */
        void signal(String name) throws IOException, InterruptedException {
            new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
        }

        /** The exit code and all that it said. */
        Ran end() throws IOException, InterruptedException {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new IllegalStateException("still running: " + Files.readString(log));
            }
            return new Ran(process.exitValue(), "", Files.readString(log));
        }
    }

    /** A state of the world that is waited for. */
    @FunctionalInterface
    interface Moment {
        boolean isNow() throws IOException;
    }

    /** Whether SIGINT is ignored, as it is in the background of a shell without job control; children inherit that. */
    static boolean ignoresInterrupts() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status)
                && Files.readAllLines(status).stream()
                        .filter(l -> l.startsWith("SigIgn:"))
                        .anyMatch(l -> (Long.parseUnsignedLong(l.substring(7).strip(), 16) & 0b10) != 0);
    }

    /** Starts a command with this JVM's own flags. */
    static Child start(Path folder, Object... args) throws IOException {
        return start(folder, Map.of(), args);
    }

    /** The same with further environment variables. */
    static Child start(Path folder, Map<String, String> environment, Object... args) throws IOException {
        Path log = Files.createTempFile(folder, "child", ".log");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(a -> !a.startsWith("-javaagent") && !a.startsWith("-agentlib"))
                .forEach(command::add);
        Path classpath = Files.writeString(
                folder.resolve("classpath.txt"), "-cp \"" + System.getProperty("java.class.path") + "\"", UTF_8);
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "@" + classpath, "cogent.cli.Main"));
        Stream.of(args).map(String::valueOf).forEach(command::add);
        ProcessBuilder process =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        process.environment().putAll(environment);
        return new Child(process.start(), log);
    }
}
