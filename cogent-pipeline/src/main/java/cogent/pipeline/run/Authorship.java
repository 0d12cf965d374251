package cogent.pipeline.run;

import cogent.curate.run.Authored;
import cogent.data.Draft;
import cogent.data.Sample;
import cogent.data.file.RefusedRow;
import cogent.data.file.Row;
import cogent.data.file.RowFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Puts rationales that were written later into the rows that lack them; both come in the same order. */
public final class Authorship implements BiConsumer<Draft, Consumer<Sample>> {
    private final Path corpus;
    private final Iterator<Authored> authored;
    private final Consumer<RefusedRow> refused;
    private @Nullable Authored next;

    Authorship(Path corpus, Iterator<Authored> authored, Consumer<RefusedRow> refused) {
        this.corpus = corpus;
        this.authored = authored;
        this.refused = refused;
    }

    /** The lines of {@code authored.jsonl}; none before it is there. */
    static Stream<Authored> read(Path file) {
        Stream<Row> rows = Files.exists(file) ? RowFile.open(file) : Stream.empty();
        return rows.map(row -> JsonMapper.shared().treeToValue(row.fields(), Authored.class));
    }

    /** What became of one problem; empty when its row has a rationale of its own, or nothing was written yet. */
    public static Optional<Authored> of(Path file, String id) {
        try (Stream<Authored> authored = read(file)) {
            return authored.filter(line -> line.id().equals(id)).findFirst();
        }
    }

    @Override
    public void accept(Draft draft, Consumer<Sample> samples) {
        if (draft.rationale() != null) {
            samples.accept(new Sample(draft.problem(), draft.rationale()));
            return;
        }
        if (next == null && authored.hasNext()) {
            next = authored.next();
        }
        Authored mine = next;
        if (mine == null || !mine.id().equals(draft.problem().id())) {
            refuse(draft, "no rationale yet: cogent curate has it written");
            return;
        }
        next = null;
        if (mine.rationale() == null) {
            refuse(draft, String.valueOf(mine.refused()));
        } else {
            samples.accept(new Sample(draft.problem(), mine.rationale()));
        }
    }

    private void refuse(Draft draft, String why) {
        refused.accept(new RefusedRow(corpus.toString(), draft.line(), why));
    }
}
