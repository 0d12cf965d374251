package cogent.train.state;

import cogent.data.InputException;
import cogent.model.hf.Safetensors;
import cogent.model.hf.SafetensorsWriter;
import cogent.model.tensor.DType;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The exact resume points of one training run, a folder each: {@code step-00000100/{weights.safetensors,
 * optimiser.safetensors, state.json}}. A folder is written under a temporary name, synced and renamed, so that one that
 * is there is whole; older ones are deleted only afterwards.
 */
public final class Checkpoints {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PREFIX = "step-";
    private static final String UNFINISHED = ".unfinished-";

    /**
     * Where a run stands beside its tensors.
     *
     * @param step optimiser steps taken
     * @param tokens tokens seen
     * @param metricsPosition bytes of the metrics file that belong to these steps
     * @param carried what the objective carries from step to step
     * @param skipped steps among them that left the weights alone
     * @param best the best held-out evaluation so far, null before the first
     * @param run what the run is made of: digest of rows, settings and starting weights
     */
    public record State(
            int step,
            long tokens,
            long metricsPosition,
            List<Double> carried,
            int skipped,
            @Nullable Best best,
            String run) {}

    /**
     * The best evaluation so far; the checkpoint of its step stays on disk.
     *
     * @param score larger is better
     * @param since evaluations after it
     */
    public record Best(int step, double score, int since) {}

    private final Path folder;
    private final int keep;

    /** @param keep how many stay on disk */
    public Checkpoints(Path folder, int keep) {
        this.folder = folder;
        this.keep = keep;
        try {
            Files.createDirectories(folder);
            for (Path leftover : list(UNFINISHED)) {
                delete(leftover);
            }
        } catch (IOException e) {
            throw new InputException(folder + ": cannot hold checkpoints (" + InputException.reason(e) + ")", e);
        }
    }

    /** The newest one. */
    public Optional<Path> latest() {
        try {
            List<Path> all = list(PREFIX);
            return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Restores the newest checkpoint, if there is one, into the tensors.
     *
     * @param run digest that the checkpoint must carry
     * @throws InputException when it belongs to another run or cannot be read
     */
    public Optional<State> resume(
            String run, SequencedMap<String, Tensor> parameters, SequencedMap<String, Tensor> moments) {
        @Nullable Path at = latest().orElse(null);
        if (at == null) {
            return Optional.empty();
        }
        try {
            State state = JSON.readValue(Files.readAllBytes(at.resolve("state.json")), State.class);
            if (!state.run().equals(run)) {
                throw new InputException(at + " belongs to a run with other rows, settings or starting weights."
                        + " Delete " + folder + " to start anew, or name another folder");
            }
            restore(at.resolve("weights.safetensors"), parameters);
            restore(at.resolve("optimiser.safetensors"), moments);
            return Optional.of(state);
        } catch (IOException e) {
            throw new InputException(
                    at + ": cannot be read (" + InputException.reason(e) + "); delete it to continue before it", e);
        }
    }

    /** Puts the weights of a step into the tensors. */
    public void restoreWeights(int step, SequencedMap<String, Tensor> parameters) {
        restore(at(step).resolve("weights.safetensors"), parameters);
    }

    private Path at(int step) {
        return folder.resolve("%s%08d".formatted(PREFIX, step));
    }

    /**
     * Saves a checkpoint durably, then deletes the oldest beyond {@code keep}, but never the best.
     *
     * @throws UncheckedIOException when it cannot be written (a full disk); those before it are untouched
     */
    public Path save(State state, SequencedMap<String, Tensor> parameters, SequencedMap<String, Tensor> moments) {
        Path target = at(state.step());
        Path unfinished = folder.resolve(UNFINISHED + state.step());
        try {
            if (Files.exists(target)) {
                return target;
            }
            delete(unfinished);
            Files.createDirectory(unfinished);
            SafetensorsWriter.write(unfinished.resolve("weights.safetensors"), parameters, DType.F32, Map.of());
            SafetensorsWriter.write(unfinished.resolve("optimiser.safetensors"), moments, DType.F32, Map.of());
            Path json = Files.write(unfinished.resolve("state.json"), JSON.writeValueAsBytes(state));
            sync(json, StandardOpenOption.WRITE);
            sync(unfinished, StandardOpenOption.READ);
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            sync(folder, StandardOpenOption.READ);
            List<Path> all = list(PREFIX);
            @Nullable Path best = state.best() == null ? null : at(state.best().step());
            for (Path old : all.subList(0, Math.max(0, all.size() - keep))) {
                if (!old.equals(best)) {
                    delete(old);
                }
            }
            return target;
        } catch (IOException e) {
            throw notSaved(target, unfinished, e);
        } catch (UncheckedIOException e) {
            throw notSaved(target, unfinished, Objects.requireNonNull(e.getCause()));
        }
    }

    /** What was written of it only takes room that is short already. */
    private UncheckedIOException notSaved(Path target, Path unfinished, IOException e) {
        try {
            delete(unfinished);
        } catch (IOException again) {
            e.addSuppressed(again);
        }
        String last = latest().map(path -> "the last good one is " + path + ": the same command continues there")
                .orElse("there is none before it");
        return new UncheckedIOException(
                "checkpoint " + target + " could not be written (" + InputException.reason(e) + "); " + last, e);
    }

    private static void restore(Path file, SequencedMap<String, Tensor> tensors) {
        Safetensors saved = Safetensors.open(file);
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            tensors.forEach((name, tensor) -> tensor.copy_(saved.tensor(name)));
        }
    }

    /** Folders of a prefix, oldest first. */
    private List<Path> list(String prefix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(path -> path.getFileName().toString().startsWith(prefix))
                    .sorted()
                    .toList();
        }
    }

    private void delete(Path checkpoint) throws IOException {
        if (!Files.exists(checkpoint)) {
            return;
        }
        // a half-deleted folder must not look like a checkpoint
        Path doomed = checkpoint.resolveSibling(UNFINISHED + checkpoint.getFileName());
        if (!checkpoint.getFileName().toString().startsWith(UNFINISHED)) {
            Files.move(checkpoint, doomed, StandardCopyOption.ATOMIC_MOVE);
        } else {
            doomed = checkpoint;
        }
        try (Stream<Path> files = Files.list(doomed)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(doomed);
    }

    /** Some file systems do not sync folders; the files in them are safe all the same. */
    private static void sync(Path path, StandardOpenOption mode) throws IOException {
        try (FileChannel channel = FileChannel.open(path, mode)) {
            channel.force(true);
        }
    }
}
