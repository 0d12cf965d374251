package cogent.data.corpus;

import cogent.data.Draft;
import cogent.data.InputException;
import cogent.data.Sample;
import cogent.data.file.RefusedRow;
import cogent.data.file.Row;
import cogent.data.file.RowFile;
import cogent.data.file.SeenIds;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A file of triples (x, y, r), read one row at a time. A row that is no sample is refused with its reason and the reading
 * goes on, unless too large a share is refused: then the file is not what the user takes it for.
 *
 * @param file in any of the forms of {@link RowFile}
 * @param fields the names of the fields where the user states them
 * @param maxRefused the share of rows that may be refused, 0 to 1
 */
public record Corpus(Path file, Fields fields, double maxRefused) {
    /** The share of refused rows above which a corpus is taken for a mistake. */
    public static final double DEFAULT_MAX_REFUSED = 0.2;

    public Corpus {
        if (!(maxRefused >= 0 && maxRefused <= 1)) {
            throw new InputException("the share of rows that may be refused must lie in 0 … 1, not " + maxRefused);
        }
    }

    public static Corpus of(Path file) {
        return new Corpus(file, Fields.RECOGNISED, DEFAULT_MAX_REFUSED);
    }

    /**
     * A row by itself, for those who read rows in a way of their own.
     *
     * @param idOtherwise where the row has none
     * @throws InputException the reason why it is no sample
     */
    public static Sample sample(Row row, Fields fields, String idOtherwise) {
        return new RowLayout(fields).sample(row, idOtherwise);
    }

    /**
     * The samples in file order, ids unique. Close the stream. A row without an id gets the file's name and its line
     * ({@code stem-118}). A conversation's system message is left out: it instructs the teacher, not the student.
     *
     * @param refused told of every row that is left out, as the stream is read
     * @throws InputException now or while reading, when the file cannot be read, holds no sample, or too many rows are
     *     refused
     */
    public Stream<Sample> samples(Consumer<RefusedRow> refused) {
        return samples(refused, _ -> {});
    }

    /** @param unused told once of every field that says something and that no sample holds */
    public Stream<Sample> samples(Consumer<RefusedRow> refused, Consumer<String> unused) {
        return read(new RowLayout(fields)::sample, Sample::id, refused, unused);
    }

    /** The same, with the rows that lack only the rationale among them. */
    public Stream<Draft> drafts(Consumer<RefusedRow> refused) {
        return drafts(refused, _ -> {});
    }

    /** @param unused as {@link #samples(Consumer, Consumer)} tells of fields */
    public Stream<Draft> drafts(Consumer<RefusedRow> refused, Consumer<String> unused) {
        return read(new RowLayout(fields)::draft, draft -> draft.problem().id(), refused, unused);
    }

    private <T> Stream<T> read(
            BiFunction<Row, String, T> layout,
            Function<T, String> id,
            Consumer<RefusedRow> refused,
            Consumer<String> unused) {
        Reading<T> reading = new Reading<>(layout, id, refused, unused);
        return StreamSupport.stream(reading, false).onClose(reading.rows::close);
    }

    /** The file's name without its endings. */
    static String stem(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("(\\.(jsonl|json|parquet|ndjson|csv|tsv|gz))+$", "");
    }

    /** One pass over the file. */
    private final class Reading<T> extends Spliterators.AbstractSpliterator<T> {
        /** From here on the share is judged while reading, so that a wrong file of 10⁶ rows fails at once. */
        private static final long ENOUGH_ROWS = 1000;

        private final Consumer<RefusedRow> sink;
        private final Consumer<String> unused;
        private final Set<String> told = new HashSet<>();
        private final Stream<Row> rows;
        private final Iterator<Row> next;
        private final BiFunction<Row, String, T> layout;
        private final Function<T, String> id;
        private final SeenIds ids = new SeenIds();
        private final String stem = stem(file);
        private long samples;
        private long refused;
        private @Nullable RefusedRow first;

        Reading(
                BiFunction<Row, String, T> layout,
                Function<T, String> id,
                Consumer<RefusedRow> sink,
                Consumer<String> unused) {
            super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
            this.layout = layout;
            this.id = id;
            this.sink = sink;
            this.unused = unused;
            this.rows = RowFile.open(file, this::refuse);
            this.next = rows.iterator();
        }

        @Override
        public boolean tryAdvance(Consumer<? super T> action) {
            while (next.hasNext()) {
                T sample = sample(next.next());
                if (sample != null) {
                    samples++;
                    action.accept(sample);
                    return true;
                }
            }
            end();
            return false;
        }

        private @Nullable T sample(Row row) {
            try {
                T sample = layout.apply(row, stem + "-" + row.line());
                long before = ids.first(id.apply(sample), row.line());
                if (before == 0) {
                    new RowLayout(fields)
                            .unused(row.fields()).stream().filter(told::add).forEach(unused);
                    return sample;
                }
                refuse(row.refused("duplicate id \"" + id.apply(sample) + "\" (first on line " + before + ")"));
            } catch (InputException e) {
                refuse(row.refused(String.valueOf(e.getMessage())));
            }
            return null;
        }

        private void refuse(RefusedRow row) {
            first = first == null ? row : first;
            refused++;
            sink.accept(row);
            if (samples + refused >= ENOUGH_ROWS) {
                judge();
            }
        }

        private void end() {
            if (samples + refused == 0) {
                throw new InputException("corpus " + file + ": is empty");
            }
            judge();
        }

        /** One bad row in a short file is a bad row, not a bad file, as long as there is a good one. */
        private void judge() {
            if (first != null && (samples == 0 || (refused > 1 && refused > maxRefused * (samples + refused)))) {
                throw new InputException(
                        "corpus %s: %d of the first %d rows refused, more than the share of %s allowed; the first: %s"
                                .formatted(file, refused, samples + refused, maxRefused, first.describe()));
            }
        }
    }
}
