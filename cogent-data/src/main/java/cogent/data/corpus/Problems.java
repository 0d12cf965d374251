package cogent.data.corpus;

import cogent.data.InputException;
import cogent.data.Problem;
import cogent.data.file.Row;
import cogent.data.file.RowFile;
import cogent.data.file.SeenIds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** Reads problems with reference answers, as benchmarks are: every row must be sound, for a missing one changes the figure. */
public final class Problems {
    private Problems() {}

    /**
     * The problems in file order, ids unique; a row without an id gets {@code stem-line}.
     *
     * @param file in any of the forms of {@link RowFile}
     */
    public static List<Problem> read(Path file, Fields fields) {
        return read(file, fields, (_, problem) -> problem);
    }

    /** The fields of the rows that hold neither problem, answer nor id, each once, in the order in which they come. */
    public static Set<String> unused(Path file, Fields fields) {
        RowLayout layout = new RowLayout(fields);
        Set<String> unused = new LinkedHashSet<>();
        try (Stream<Row> rows = RowFile.open(file)) {
            rows.forEach(row -> unused.addAll(layout.unused(row.fields())));
        }
        return unused;
    }

    /** The same, each made into something else together with its row. */
    public static <T> List<T> read(Path file, Fields fields, BiFunction<Row, Problem, T> made) {
        RowLayout layout = new RowLayout(fields);
        SeenIds ids = new SeenIds();
        List<T> all = new ArrayList<>();
        try (Stream<Row> rows = RowFile.open(file)) {
            rows.forEach(row -> {
                try {
                    Problem problem = layout.problem(row, Corpus.stem(file) + "-" + row.line());
                    long before = ids.first(problem.id(), row.line());
                    if (before != 0) {
                        throw new InputException(
                                "duplicate id \"" + problem.id() + "\" (first on line " + before + ")");
                    }
                    all.add(made.apply(row, problem));
                } catch (InputException e) {
                    throw new InputException(file + ": line " + row.line() + " " + e.getMessage(), e);
                }
            });
        }
        if (all.isEmpty()) {
            throw new InputException(file + ": is empty");
        }
        return all;
    }
}
