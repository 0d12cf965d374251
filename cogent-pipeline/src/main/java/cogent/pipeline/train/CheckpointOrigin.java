package cogent.pipeline.train;

import cogent.data.AtomicFile;
import cogent.data.Count;
import cogent.data.Sha256;
import cogent.pipeline.run.Manifest;
import cogent.pipeline.run.PipelineEvent;
import cogent.pipeline.run.PipelineListener;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the checkpoints of a training that was cut off were made of. With other settings or rows it begins anew, and they are set
 * aside with their metrics; with those of before they are taken up again.
 *
 * @param inputs file to SHA-256 of its contents
 */
public record CheckpointOrigin(JsonNode settings, TreeMap<String, String> inputs) {
    private static final String FILE = "origin.json";
    private static final String METRICS = "metrics.jsonl";

    /** Why a training would not go on from its checkpoints; empty when it would, or there are none. */
    public static Optional<String> change(Stage stage, RunDirectory run) {
        return run.savedStep(stage.name()) == 0
                ? Optional.empty()
                : read(run.checkpoints(stage.name()))
                        .flatMap(origin -> Manifest.change(origin.settings, origin.inputs, stage));
    }

    /** Has the stage find those checkpoints that it can go on from, or none. */
    static void settle(Stage stage, RunDirectory run, PipelineListener listener) {
        Path folder = run.checkpoints(stage.name());
        try {
            change(stage, run).ifPresent(why -> setAside(stage, run, why, listener));
            CheckpointOrigin now = new CheckpointOrigin(stage.settings(), Manifest.hashes(stage.inputs()));
            Path before = now.aside(folder);
            if (run.savedStep(stage.name()) == 0 && Files.isDirectory(before)) {
                RunDirectory.delete(folder);
                move(before, folder);
                move(folder.resolve(METRICS), run.metrics(stage.name()));
                listener.on(new PipelineEvent.Warning(
                        stage.name(),
                        "goes on from step %,d, which it had reached with these settings before"
                                .formatted(run.savedStep(stage.name()))));
            }
            if (run.savedStep(stage.name()) == 0) {
                Files.createDirectories(folder);
                AtomicFile.write(folder.resolve(FILE), JsonMapper.shared().writeValueAsBytes(now));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be written", e);
        }
    }

    private static void setAside(Stage stage, RunDirectory run, String why, PipelineListener listener) {
        Path folder = run.checkpoints(stage.name());
        long steps = run.savedStep(stage.name());
        Path aside = read(folder).orElseThrow().aside(folder);
        RunDirectory.delete(aside); // of the same settings, so no further than these
        move(folder, aside);
        move(run.metrics(stage.name()), aside.resolve(METRICS));
        listener.on(new PipelineEvent.Warning(
                stage.name(),
                "begins anew: %s. Its %s so far are kept in %s, and gone on from when that is as it was; delete the folder if they are not needed"
                        .formatted(why, Count.of(steps, "step"), aside)));
    }

    private static void move(Path from, Path to) {
        try {
            if (Files.exists(from)) {
                Files.deleteIfExists(to);
                Files.move(from, to);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(from + ": cannot be moved to " + to, e);
        }
    }

    private static Optional<CheckpointOrigin> read(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            return Files.exists(file)
                    ? Optional.of(JsonMapper.shared().readValue(Files.readAllBytes(file), CheckpointOrigin.class))
                    : Optional.empty();
        } catch (IOException | JacksonException e) {
            return Optional.empty(); // the checkpoints themselves still know whether they are of this training
        }
    }

    /** Where checkpoints of this wait: by contents, wherever the run lies. */
    private Path aside(Path folder) {
        String made = JsonMapper.shared().writeValueAsString(settings)
                + inputs.values().stream().sorted().toList();
        return folder.resolveSibling(
                folder.getFileName() + "-" + Sha256.hex(made).substring(0, 8));
    }
}
