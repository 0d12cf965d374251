package cogent.eval.code;

import cogent.data.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs Python programs that a model wrote: in namespaces of their own made by bubblewrap (no network, a file system
 * that can only be read and holds nothing of the user's, a private {@code /tmp}, no other processes in sight, no
 * privileges, dangerous system calls filtered), under limits of time, memory, processes, file size and output.
 */
public final class Sandbox implements AutoCloseable {
    private static final int MAX_PROCESSES = 32;
    private static final long MAX_FILE_BYTES = 16 << 20;
    private static final int FIRST_UID = 61_000;
    private static final int ERROR_BYTES = 4 << 10;

    /** Linux ends a sandbox with the thread that started it: this one ends with the process, other than many a carrier. */
    private static final ExecutorService STARTER = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("sandbox starter").factory());

    private final List<String> prefix;
    private final Path folder;
    private final boolean dropsRoot;
    private final BlockingQueue<Integer> slots;

    private Sandbox(List<String> prefix, Path folder, boolean dropsRoot) {
        this.prefix = prefix;
        this.folder = folder;
        this.dropsRoot = dropsRoot;
        int cores = Runtime.getRuntime().availableProcessors();
        slots = new ArrayBlockingQueue<>(cores);
        for (int slot = 0; slot < cores; slot++) {
            slots.add(slot);
        }
    }

    /**
     * The sandbox of this machine, tried out.
     *
     * @throws InputException saying what is missing
     */
    public static Sandbox open() {
        Path bwrap = executable("bwrap")
                .orElseThrow(() -> new InputException(
                        "no sandbox: bubblewrap is not installed (Debian, Ubuntu: apt install bubblewrap)"));
        Path python = python();
        Path folder = folder();
        List<String> why = new ArrayList<>();
        for (boolean root : isRoot() ? new boolean[] {true, false} : new boolean[] {false}) {
            Sandbox sandbox = new Sandbox(Bubblewrap.command(bwrap, python, folder, root), folder, root);
            try {
                sandbox.tryOut();
                return sandbox;
            } catch (InputException e) {
                why.add(String.valueOf(e.getMessage()));
            }
        }
        delete(folder);
        throw new InputException("no sandbox: bubblewrap does not work here (" + String.join("; ", why) + ")");
    }

    /** No sandbox at all, only the limits: for those who insist, on a machine that has nothing to lose. */
    public static Sandbox none() {
        Path folder = folder();
        Path python = python();
        Sandbox none = new Sandbox(
                List.of(python.toString(), "-I", "-B", folder.resolve("run.py").toString()),
                folder,
                isRoot() && python.startsWith("/usr"));
        none.tryOut();
        return none;
    }

    private void tryOut() {
        try (Program program = program("print(input())", "")) {
            ProgramRun ran = program.run("ready", new ProgramLimits(Duration.ofSeconds(20), 1L << 30, 1 << 10));
            if (!ran.output().strip().equals("ready")) {
                throw new InputException(
                        ran.error().isBlank()
                                ? ran.end() + ", exit " + ran.code()
                                : ran.error().strip());
            }
        }
    }

    /** A program put where the sandbox sees it. */
    public final class Program implements AutoCloseable {
        private final Path file;
        private final String function;

        private Program(Path file, String function) {
            this.file = file;
            this.function = function;
        }

        /**
         * Runs it once; blocks until a processor is free for it.
         *
         * @param input given on standard input; with a function one JSON value a line for each argument
         * @throws InputException when the sandbox itself fails
         */
        public ProgramRun run(String input, ProgramLimits limits) {
            int slot;
            try {
                slot = slots.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InputException("interrupted while waiting for the sandbox", e);
            }
            try {
                return Sandbox.this.run(this, input, limits, FIRST_UID + slot);
            } finally {
                slots.add(slot);
            }
        }

        @Override
        public void close() {
            delete(file);
        }
    }

    /** @param function the function or method of {@code Solution} to call; empty for a whole program */
    public Program program(String text, String function) {
        try {
            Path file = Files.createTempFile(folder, "program-", ".py");
            Files.writeString(file, text);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            return new Program(file, function);
        } catch (IOException e) {
            throw new InputException("the program cannot be written (" + InputException.reason(e) + ")", e);
        }
    }

    private ProgramRun run(Program program, String input, ProgramLimits limits, int uid) {
        long memory = limits.memoryBytes();
        String bounds = JsonMapper.shared()
                .createObjectNode()
                .put("RLIMIT_CPU", limits.wall().toSeconds() + 1)
                .put("RLIMIT_AS", memory + (1L << 30)) // libraries are mapped, not used
                .put("RLIMIT_NPROC", MAX_PROCESSES)
                .put("RLIMIT_FSIZE", MAX_FILE_BYTES)
                .put("RLIMIT_NOFILE", 64)
                .put("RLIMIT_CORE", 0)
                .put("uid", dropsRoot ? uid : 0)
                .toString();
        boolean boxed = prefix.getFirst().endsWith("sh");
        List<String> command = new ArrayList<>(prefix);
        command.add(bounds);
        command.add(boxed ? Bubblewrap.BOX + "/" + program.file.getFileName() : program.file.toString());
        command.add(program.function);
        try {
            ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
            builder.environment().clear();
            Process process = started(builder);
            CapturedStream output = new CapturedStream(process.getInputStream(), limits.outputBytes(), false);
            CapturedStream error = new CapturedStream(process.getErrorStream(), ERROR_BYTES, true);
            Thread.ofVirtual().start(() -> feed(process.getOutputStream(), input));
            ProgramEnd end = Watch.until(process, limits, MAX_PROCESSES, output::full);
            String printed = output.text();
            String complaint = error.text();
            int code = process.waitFor();
            if (complaint.startsWith("bwrap:")) {
                throw new InputException(
                        "the sandbox failed: " + complaint.lines().findFirst().orElse(""));
            }
            if (end == ProgramEnd.EXITED && output.full()) {
                end = ProgramEnd.OUTPUT_LIMIT;
            } else if (end == ProgramEnd.EXITED && code != 0 && complaint.contains("MemoryError")) {
                end = ProgramEnd.MEMORY_LIMIT;
            } else if (end == ProgramEnd.EXITED && (code == 128 + 24 || code == 24)) {
                end = ProgramEnd.TIME_LIMIT; // SIGXCPU
            }
            return new ProgramRun(end, code, printed, complaint);
        } catch (IOException e) {
            throw new InputException("the sandbox cannot be started (" + InputException.reason(e) + ")", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InputException("interrupted while a program ran", e);
        }
    }

    private static Process started(ProcessBuilder builder) throws IOException, InterruptedException {
        try {
            return STARTER.submit(builder::start).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException why ? why : new IOException(e.getCause());
        }
    }

    private static void feed(OutputStream in, String input) {
        try (in) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            return; // the program ended without reading all of it
        }
    }

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("cogent-code-");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            try (InputStream in = Sandbox.class.getResourceAsStream("run.py")) {
                Files.copy(Objects.requireNonNull(in), folder.resolve("run.py"));
            }
            Files.write(folder.resolve("filter"), SystemCalls.filter());
            return folder;
        } catch (IOException e) {
            throw new InputException("no folder for programs can be made (" + InputException.reason(e) + ")", e);
        }
    }

    /** The system's Python before any other: everybody may read it. */
    private static Path python() {
        return Stream.of("/usr/bin/python3", "/usr/local/bin/python3")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .or(() -> executable("python3"))
                .orElseThrow(() -> new InputException("no python3 on the PATH: it runs the programs"));
    }

    private static Optional<Path> executable(String name) {
        String path = System.getenv("PATH");
        return Stream.of((path == null ? "/usr/bin:/bin" : path).split(":", -1))
                .filter(folder -> !folder.isBlank())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static void delete(Path path) {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            return; // the system's folder for temporary files is swept anyway
        }
    }

    @Override
    public void close() {
        delete(folder);
    }

    /** Whether programs really are in a sandbox. */
    public boolean contains() {
        return prefix.getFirst().endsWith("sh");
    }
}
