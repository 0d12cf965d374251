package cogent.train.loop;

import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.Ranks;
import cogent.train.Tiny;
import cogent.train.forward.Compute;
import cogent.train.forward.TrainableModel;
import cogent.train.optim.OptimiserSettings;
import cogent.train.rows.BatchSize;
import cogent.train.state.ReferenceLogps;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
    private final BufferedReader output;

    private RankProcesses(Path folder, List<Process> processes) {
        this.folder = folder;
        this.processes = processes;
        this.output = processes.getFirst().inputReader(StandardCharsets.UTF_8);
    }

    static RankProcesses start(Kind kind, Path folder, int ranks, boolean sharded) throws IOException {
        return start(kind, folder, ranks, sharded, 60);
    }

    static RankProcesses start(Kind kind, Path folder, int ranks, boolean sharded, int timeout) throws IOException {
        Files.createDirectories(folder);
        int port = RankThreads.freePort();
        List<Process> processes = new ArrayList<>();
        for (int rank = 0; rank < ranks; rank++) {
            ProcessBuilder process = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "--enable-native-access=ALL-UNNAMED",
                            "--sun-misc-unsafe-memory-access=allow",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
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
                            "COGENT_RANK_TIMEOUT", String.valueOf(timeout)));
            processes.add(process.start());
        }
        return new RankProcesses(folder, processes);
    }

    Process rank(int rank) {
        return processes.get(rank);
    }

    /** Reads what rank 0 prints until it has taken so many steps, or has ended; gives the last. */
    int await(int step) throws IOException {
        int seen = 0;
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            seen = Integer.parseInt(line);
            if (seen >= step) {
                break;
            }
        }
        return seen;
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

    /** As threads of this process. */
    static void trainTogether(Kind kind, Path folder, int ranks, boolean sharded) throws Exception {
        RankThreads.together(ranks, rank -> {
            try (LanguageModel model = Tiny.model(true)) {
                train(model, rank, kind, folder, sharded, _ -> {});
                return rank.rank();
            }
        });
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
}
