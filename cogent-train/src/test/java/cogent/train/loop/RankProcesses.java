package cogent.train.loop;

import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.Ranks;
import cogent.train.Tiny;
import cogent.train.forward.Compute;
import cogent.train.forward.TrainableModel;
import cogent.train.optim.OptimiserSettings;
import cogent.train.rows.BatchSize;
import cogent.train.state.ReferenceLogps;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Processes that train a tiny model together. */
final class RankProcesses {
    static final int STEPS = 20;

    enum Kind {
        SFT,
        COGPO
    }

    private final Path folder;
    private final List<Process> processes;

    private RankProcesses(Path folder, List<Process> processes) {
        this.folder = folder;
        this.processes = processes;
    }

    static RankProcesses start(Kind kind, Path folder, int ranks, boolean sharded) throws IOException {
        Files.createDirectories(folder);
        int port = freePort();
        List<Process> processes = new ArrayList<>();
        for (int rank = 0; rank < ranks; rank++) {
            ProcessBuilder process = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "--enable-native-access=ALL-UNNAMED",
                            "--sun-misc-unsafe-memory-access=allow",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            RankProcesses.class.getName(),
                            kind.name(),
                            folder.toString(),
                            String.valueOf(sharded))
                    .redirectError(folder.resolve("errors-" + rank).toFile());
            process.environment()
                    .putAll(Map.of(
                            "RANK", String.valueOf(rank),
                            "WORLD_SIZE", String.valueOf(ranks),
                            "MASTER_ADDR", "127.0.0.1",
                            "MASTER_PORT", String.valueOf(port),
                            "COGENT_RANK_TIMEOUT", "60"));
            processes.add(process.start());
        }
        return new RankProcesses(folder, processes);
    }

    List<Process> processes() {
        return processes;
    }

    List<Integer> exitCodes() throws InterruptedException {
        List<Integer> codes = new ArrayList<>();
        for (Process process : processes) {
            codes.add(process.waitFor());
        }
        return codes;
    }

    String errors() throws IOException {
        StringBuilder errors = new StringBuilder();
        for (int rank = 0; rank < processes.size(); rank++) {
            errors.append(Files.readString(folder.resolve("errors-" + rank)));
        }
        return errors.toString();
    }

    /** The child: prints each step, and its failure in one line. */
    @SuppressWarnings("SystemOut") // the pipes to the test
    public static void main(String[] args) {
        try (Ranks ranks = Ranks.ofEnvironment();
                LanguageModel model = Tiny.model(true)) {
            train(model, ranks, Kind.valueOf(args[0]), Path.of(args[1]), Boolean.parseBoolean(args[2]), progress -> {
                System.out.println(progress.step());
                System.out.flush();
            });
        } catch (RuntimeException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
        System.exit(0);
    }

    /** One process. */
    static LanguageModel train(Kind kind, Path folder, boolean sharded) {
        LanguageModel model = Tiny.model(true);
        train(model, Ranks.alone(), kind, folder, sharded, _ -> {});
        return model;
    }

    private static void train(
            LanguageModel model,
            Ranks ranks,
            Kind kind,
            Path folder,
            boolean sharded,
            Consumer<TrainingProgress> progress) {
        Compute compute = new Compute(16, Compute.standard().layout(), 0, sharded);
        TrainSettings settings = TrainSettings.sft()
                .withMaxSteps(STEPS)
                .withBatch(new BatchSize.Rows(7))
                .withCompute(compute)
                .withOptimiser(OptimiserSettings.of(0.01))
                .withCheckpoints(8, 2);
        TrainableModel trained = TrainableModel.all(model);
        if (kind == Kind.SFT) {
            Sft.train(trained, ranks, Tiny.rows(40), List.of(), settings, TrainFiles.in(folder), () -> false, progress);
            return;
        }
        ReferenceLogps reference = ReferenceLogps.of(
                        model, Tiny.pairs(30), 64, folder.resolve("rank-" + ranks.rank()), () -> false, _ -> {})
                .orElseThrow();
        Align.train(
                trained,
                ranks,
                new AlignData(Tiny.pairs(30), reference),
                AlignData.NONE,
                AlignSettings.cogPo().withTrain(settings),
                TrainFiles.in(folder),
                () -> false,
                progress);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
