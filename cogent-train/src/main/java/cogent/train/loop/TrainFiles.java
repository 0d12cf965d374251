package cogent.train.loop;

import java.nio.file.Path;

/**
 * Where a training run keeps its files; each run needs its own.
 *
 * @param checkpoints folder of the exact resume points
 * @param metrics the {@code metrics.jsonl} of this run: one line a step, begun anew with the run
 */
public record TrainFiles(Path checkpoints, Path metrics) {
    /** Both in one folder: {@code checkpoints/} and {@code metrics.jsonl}. */
    public static TrainFiles in(Path folder) {
        return new TrainFiles(folder.resolve("checkpoints"), folder.resolve("metrics.jsonl"));
    }
}
