package cogent.pipeline.train;

import cogent.data.Count;
import cogent.data.InputException;
import cogent.data.file.JsonLinesWriter;
import cogent.data.file.RefusedRow;
import cogent.model.tensor.Ranks;
import cogent.pipeline.run.RunDirectory;
import cogent.train.rows.TrainingRows;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rows that a training leaves out, in a file of their own, so that none vanishes silently. */
final class Refusals implements Consumer<RefusedRow>, AutoCloseable {
    private final Path file;
    /** Null on all ranks but the first. */
    private final @Nullable JsonLinesWriter sink;

    private @Nullable RefusedRow first;

    Refusals(RunDirectory run, String stage, Ranks ranks) {
        file = run.refused(stage);
        sink = ranks.isFirst() ? JsonLinesWriter.create(file) : null;
    }

    @Override
    public void accept(RefusedRow row) {
        if (first == null) {
            first = row;
        }
        if (sink != null) {
            sink.write(row);
        }
    }

    /**
     * All rows are read: keeps the file.
     *
     * @param from where the rows came from
     * @throws InputException when none is left to train on
     */
    void done(TrainingRows<?> rows, List<Path> from) {
        if (sink != null) {
            sink.commit();
        }
        if (!rows.isEmpty()) {
            return;
        }
        String files = from.stream().map(Path::toString).collect(Collectors.joining(", "));
        throw new InputException(
                first == null
                        ? files + ": no rows to train on"
                        : "%s: no row is left to train on; %s refused (%,d too long). The first: line %d: %s. All: %s"
                                .formatted(
                                        files,
                                        Count.of(rows.refused(), "row"),
                                        rows.tooLong(),
                                        first.line(),
                                        first.reason(),
                                        file));
    }

    @Override
    public void close() {
        if (sink != null) {
            sink.close();
        }
    }
}
