package cogent.train.state;

import cogent.data.InputException;
import cogent.data.Uninterrupted;
import cogent.model.hf.Checksums;
import cogent.model.hf.Safetensors;
import cogent.model.hf.SafetensorsWriter;
import cogent.model.tensor.DType;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Ranks;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.train.parallel.RowRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The exact resume points of one training run, a folder each: {@code step-00000100/{weights.safetensors,
 * optimiser.safetensors, state.json, SHA256SUMS}}. Several ranks write their rows of all tensors at the same time, as {@code
 * weights-00002-of-00003.safetensors}, and any number of them reads those again; the folder must be one that all see. A folder is written under a temporary name, synced and renamed, so that
 * no killed process leaves half a one; older ones are deleted only afterwards. One whose bytes have changed since is set
 * aside, and the newest whole one is continued from.
 */
public final class Checkpoints {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PREFIX = "step-";
    private static final String UNFINISHED = ".unfinished-";
    private static final String DAMAGED = "damaged-";
    private static final String WEIGHTS = "weights";
    private static final String OPTIMISER = "optimiser";

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
            String run) {
        State withoutBest() {
            return new State(step, tokens, metricsPosition, carried, skipped, null, run);
        }
    }

    /**
     * The best evaluation so far; the checkpoint of its step stays on disk.
     *
     * @param score larger is better
     * @param since evaluations after it
     */
    public record Best(int step, double score, int since) {}

    /**
     * What a run continues from.
     *
     * @param state of the newest whole checkpoint, null where there is none and the run begins anew
     * @param damage what was found damaged on the way, to be told; usually empty
     */
    public record Resumed(@Nullable State state, List<String> damage) {}

    private final Path folder;
    private final int keep;
    private final Ranks ranks;

    /**
     * @param keep how many stay on disk
     * @param ranks that save and resume together; the first alone looks after the folder
     */
    public Checkpoints(Path folder, int keep, Ranks ranks) {
        this.folder = folder;
        this.keep = keep;
        this.ranks = ranks;
        try {
            Files.createDirectories(folder);
            if (ranks.isFirst()) {
                for (Path leftover : list(UNFINISHED)) {
                    delete(leftover);
                }
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
     * Restores the newest whole checkpoint, if there is one, into the tensors. Damaged ones get another name.
     *
     * @param run digest that the checkpoint must carry
     * @param moments this rank's rows of them, or all
     * @throws InputException when it belongs to another run
     */
    public Resumed resume(String run, SequencedMap<String, Tensor> parameters, SequencedMap<String, Tensor> moments) {
        Resumed found = ranks.isFirst() ? newestWhole(run, parameters, moments) : new Resumed(null, List.of());
        @Nullable State state = found.state();
        double[] first = ranks.sum(state == null ? -1 : state.step(), state == null || state.best() == null ? 0 : 1);
        int step = (int) first[0] + ranks.count() - 1; // the others have said -1
        if (ranks.isFirst() || step < 0) {
            return found;
        }
        restore(at(step), WEIGHTS, parameters);
        restore(at(step), OPTIMISER, moments);
        State saved = state(at(step));
        return new Resumed(first[1] == 0 ? saved.withoutBest() : saved, List.of());
    }

    private Resumed newestWhole(
            String run, SequencedMap<String, Tensor> parameters, SequencedMap<String, Tensor> moments) {
        List<String> damage = new ArrayList<>();
        for (@Nullable Path at = latest().orElse(null); at != null; at = latest().orElse(null)) {
            try {
                requireWhole(at);
                State state = state(at);
                if (!state.run().equals(run)) {
                    throw new OtherRun(at + " belongs to a run with other rows, settings or starting weights."
                            + " Delete " + folder + " to start anew, or name another folder");
                }
                restore(at, WEIGHTS, parameters);
                restore(at, OPTIMISER, moments);
                return new Resumed(withWholeBest(state, damage), damage);
            } catch (OtherRun e) {
                throw new InputException(String.valueOf(e.getMessage()), e);
            } catch (InputException e) {
                damage.add(setAside(at, e));
            }
        }
        if (!damage.isEmpty()) {
            damage.add("No whole checkpoint is left: training begins anew");
        }
        return new Resumed(null, damage);
    }

    private static State state(Path checkpoint) {
        Path file = checkpoint.resolve("state.json");
        try {
            State state = JSON.readValue(Files.readAllBytes(file), State.class);
            if (state == null || state.run() == null) {
                throw new InputException("state.json cannot be read: it does not say of which run it is");
            }
            if (!name(state.step()).equals(String.valueOf(checkpoint.getFileName()))
                    || state.tokens() < 0
                    || state.metricsPosition() < 0
                    || state.skipped() < 0
                    || state.skipped() > state.step()
                    || state.carried() == null
                    || state.carried().contains(null)) {
                throw new InputException("state.json cannot be read: " + state + " is no state of this checkpoint");
            }
            return state;
        } catch (JacksonException e) {
            throw new InputException("state.json cannot be read: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new InputException("state.json cannot be read: " + InputException.reason(e), e);
        }
    }

    /** Those of earlier versions have no hashes; what cannot be read of them is found on reading. */
    private static void requireWhole(Path checkpoint) {
        List<String> damage = Checksums.in(checkpoint) ? Checksums.damage(checkpoint) : List.of();
        if (!damage.isEmpty()) {
            throw new InputException(String.join(", ", damage));
        }
    }

    /** A best checkpoint that is damaged cannot be gone back to: the best one is looked for anew. */
    private State withWholeBest(State state, List<String> damage) {
        if (state.best() == null) {
            return state;
        }
        Path best = at(state.best().step());
        try {
            if (!Files.isDirectory(best)) {
                throw new InputException("is missing");
            }
            requireWhole(best);
            return state;
        } catch (InputException e) {
            damage.add((Files.isDirectory(best) ? setAside(best, e) : best + " " + e.getMessage())
                    + ". It was the best one; the best of the steps to come takes its place");
            return state.withoutBest();
        }
    }

    /** @return what is told of it */
    private String setAside(Path checkpoint, InputException reason) {
        Path aside = checkpoint.resolveSibling(DAMAGED + checkpoint.getFileName());
        try {
            delete(aside);
            Files.move(checkpoint, aside, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new InputException(
                    checkpoint + " is damaged and cannot be set aside: " + InputException.reason(e), e);
        }
        return checkpoint + " is damaged (" + reason.getMessage() + ") and is now " + aside.getFileName();
    }

    /** A checkpoint that is whole, of something else. */
    private static final class OtherRun extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OtherRun(String message) {
            super(message);
        }
    }

    /**
     * Puts the weights of a step into the tensors.
     *
     * @throws InputException when its checkpoint is damaged
     */
    public void restoreWeights(int step, SequencedMap<String, Tensor> parameters) {
        if (ranks.isFirst()) {
            try {
                requireWhole(at(step));
            } catch (InputException e) {
                throw new InputException(at(step) + ", the best checkpoint, is damaged: " + e.getMessage(), e);
            }
        }
        restore(at(step), WEIGHTS, parameters);
    }

    private Path at(int step) {
        return folder.resolve(name(step));
    }

    private static String name(int step) {
        return String.format(Locale.ROOT, PREFIX + "%08d", step);
    }

    /**
     * Saves a checkpoint durably, then deletes the oldest beyond {@code keep}, but never the best.
     *
     * @param parameters this rank's rows of them
     * @param moments this rank's rows of them
     * @throws UncheckedIOException when it cannot be written (a full disk); those before it are untouched
     */
    public Path save(State state, SequencedMap<String, Tensor> parameters, SequencedMap<String, Tensor> moments) {
        Path target = at(state.step());
        Path unfinished = folder.resolve(UNFINISHED + state.step());
        try {
            if (begin(target, unfinished)) {
                Uninterrupted.run(() -> write(unfinished, WEIGHTS, parameters));
                Uninterrupted.run(() -> write(unfinished, OPTIMISER, moments));
                ranks.barrier();
                if (ranks.isFirst()) {
                    finish(state, unfinished, target);
                }
                ranks.barrier();
            }
            return target;
        } catch (IOException e) {
            throw notSaved(target, unfinished, e);
        } catch (UncheckedIOException e) {
            throw notSaved(target, unfinished, Objects.requireNonNull(e.getCause()));
        }
    }

    /** @return whether the step is not saved yet: the first rank looks, and makes a folder for all */
    private boolean begin(Path target, Path unfinished) throws IOException {
        boolean made = false;
        if (ranks.isFirst() && !Files.exists(target)) {
            delete(unfinished);
            Files.createDirectory(unfinished);
            made = true;
        }
        return ranks.sum(made ? 1 : 0)[0] > 0;
    }

    private void finish(State state, Path unfinished, Path target) throws IOException {
        Uninterrupted.run(() -> {
            Path json = Files.write(unfinished.resolve("state.json"), JSON.writeValueAsBytes(state));
            sync(json, StandardOpenOption.WRITE);
            Checksums.write(unfinished, "");
            sync(unfinished.resolve(Checksums.FILE), StandardOpenOption.WRITE);
            sync(unfinished, StandardOpenOption.READ);
        });
        Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        Uninterrupted.run(() -> sync(folder, StandardOpenOption.READ));
        List<Path> all = list(PREFIX);
        @Nullable Path best = state.best() == null ? null : at(state.best().step());
        for (Path old : all.subList(0, Math.max(0, all.size() - keep))) {
            if (!old.equals(best)) {
                delete(old);
            }
        }
    }

    private void write(Path folder, String name, SequencedMap<String, Tensor> tensors) throws IOException {
        String part =
                ranks.count() == 1 ? "" : String.format(Locale.ROOT, "-%05d-of-%05d", ranks.rank() + 1, ranks.count());
        SafetensorsWriter.write(folder.resolve(name + part + ".safetensors"), tensors, DType.F32, Map.of());
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

    /** From the files of however many ranks; into whole tensors, or into this rank's rows of them. */
    private void restore(Path checkpoint, String name, SequencedMap<String, Tensor> tensors) {
        List<Safetensors> parts = parts(checkpoint, name);
        tensors.forEach((tensor, into) -> {
            try (Scope _ = Scope.open();
                    var _ = GradMode.off()) {
                List<Tensor> rows = parts.stream()
                        .filter(part -> part.entries().containsKey(tensor))
                        .map(part -> part.tensor(tensor))
                        .toList();
                if (rows.isEmpty()) {
                    throw new InputException(name + " has no " + tensor);
                }
                long all = rows.stream().mapToLong(part -> part.size(0)).sum();
                long at = into.size(0) == all ? 0 : -RowRange.of(all, ranks).from();
                for (Tensor part : rows) { // whose first row belongs at row `at`
                    long skipped = Math.max(0, -at);
                    long taken = Math.min(part.size(0), into.size(0) - at) - skipped;
                    if (taken > 0) {
                        into.detach().narrow(0, at + skipped, taken).copy_(part.narrow(0, skipped, taken));
                    }
                    at += part.size(0);
                }
            }
        });
    }

    private static List<Safetensors> parts(Path checkpoint, String name) {
        try (Stream<Path> files = Files.list(checkpoint)) {
            return files.filter(file -> file.getFileName().toString().startsWith(name))
                    .sorted()
                    .map(Safetensors::open)
                    .toList();
        } catch (IOException e) {
            throw InputException.unreadable(checkpoint, e);
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
