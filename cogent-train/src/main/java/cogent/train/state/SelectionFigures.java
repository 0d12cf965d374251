package cogent.train.state;

import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.Ranks;
import cogent.train.forward.RankSurprisal;
import cogent.train.rows.Digests;
import cogent.train.rows.Example;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** What the student makes of rows before it learns from any, computed once and kept on disk. */
public final class SelectionFigures {
    /** Rows that a rank measures together. */
    private static final int PART = 64;

    private static final int WIDTH = 3;

    private SelectionFigures() {}

    /**
     * Measures rows, in their order; part by part they are stored, so that an interruption loses one part.
     *
     * @param possible the bound of {@link RankSurprisal#impossible}, a probability
     * @param microBatchTokens tokens that go through the model at once
     * @param store folder of {@link MeasureStore} files; may be shared by runs
     * @param ranks that take a part each at a time; the first keeps them in the store
     * @param stop asked before each round of parts
     * @param progress told how many rows are done, whenever some were measured
     * @return empty when asked to stop
     */
    public static Optional<List<RankSurprisal>> of(
            LanguageModel student,
            List<Example> rows,
            double possible,
            int microBatchTokens,
            Path store,
            Ranks ranks,
            BooleanSupplier stop,
            IntConsumer progress) {
        double[] figures = new double[WIDTH * rows.size()];
        List<int[]> parts = IntStream.iterate(0, from -> from < rows.size(), from -> from + PART)
                .mapToObj(from -> IntStream.range(from, Math.min(rows.size(), from + PART))
                        .toArray())
                .toList();
        try (MeasureStore known = MeasureStore.open(
                store,
                "selection-1-" + possible,
                WIDTH,
                student,
                student.decoder().compute())) {
            boolean whole =
                    known.fill(
                            figures,
                            parts,
                            row -> Digests.bytesOfExample(rows.get(row)),
                            part -> RankSurprisal.of(
                                            student,
                                            rows.subList(part[0], part[0] + part.length),
                                            possible,
                                            microBatchTokens)
                                    .stream()
                                    .flatMapToDouble(of -> DoubleStream.of(of.ratio(), of.impossible(), of.tokens()))
                                    .toArray(),
                            ranks,
                            stop,
                            progress);
            return whole
                    ? Optional.of(IntStream.range(0, rows.size())
                            .map(row -> WIDTH * row)
                            .mapToObj(at -> new RankSurprisal(figures[at], figures[at + 1], (int) figures[at + 2]))
                            .toList())
                    : Optional.empty();
        }
    }
}
