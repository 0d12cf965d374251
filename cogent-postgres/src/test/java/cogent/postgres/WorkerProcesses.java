package cogent.postgres;

import cogent.pipeline.Pipeline;
import cogent.pipeline.recipe.RecipeReader;
import cogent.pipeline.run.ReplySource;
import cogent.pipeline.run.StopRequest;
import cogent.pipeline.run.UnfinishedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Processes that curate with one recipe, each in a folder of its own; a killed one is followed by another. */
public final class WorkerProcesses {
    private record Worker(Process process, Path log) {}

    private final Path recipe;
    private final Path folder;
    private final List<Worker> workers = new ArrayList<>();
    private int started;

    private WorkerProcesses(Path recipe, Path folder) {
        this.recipe = recipe;
        this.folder = folder;
    }

    /** @param folder for theirs and for what they say */
    public static WorkerProcesses start(Path recipe, Path folder, int count) throws IOException {
        WorkerProcesses processes = new WorkerProcesses(recipe, folder);
        for (int i = 0; i < count; i++) {
            processes.workers.add(processes.start());
        }
        return processes;
    }

    /** As {@code kill -9} does it. */
    public void kill(int which) throws InterruptedException {
        workers.get(which).process.destroyForcibly().waitFor();
    }

    /** Starts the next one in a killed one's place. */
    public void replace(int which) throws IOException {
        workers.set(which, start());
    }

    /** None has failed: what ended had nothing left to do. */
    public void requireAlive() throws IOException {
        for (Worker worker : workers) {
            if (!worker.process.isAlive() && worker.process.exitValue() != 0) {
                throw new AssertionError(Files.readString(worker.log));
            }
        }
    }

    /** Waits until all have ended well. */
    public void end() throws IOException, InterruptedException {
        for (Worker worker : workers) {
            worker.process.waitFor();
        }
        requireAlive();
    }

    private Worker start() throws IOException {
        int number = started++;
        Path log = folder.resolve("worker" + number + ".log");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                WorkerProcesses.class.getName(),
                recipe.toString(),
                Files.createDirectories(folder.resolve("worker" + number)).toString());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new Worker(process, log);
    }

    /** The child. */
    public static void main(String[] args) {
        try {
            curate(Path.of(args[0]), Path.of(args[1]), new ReplySource.Work());
        } catch (UnfinishedException e) {
            System.out.println(e.getMessage());
        }
    }

    /** Curates in this process. */
    public static void curate(Path recipe, Path runs, ReplySource replies) {
        Pipeline pipeline = Pipeline.of(RecipeReader.read(recipe, List.of("runs=" + runs)));
        List<String> stages = pipeline.stages();
        pipeline.run(stages.subList(0, stages.indexOf("curate") + 1), replies, _ -> {}, new StopRequest());
    }
}
