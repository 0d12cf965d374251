package cogent.studio.sample;

import cogent.curate.Curated;
import cogent.curate.PairBuilder;
import cogent.curate.SampleOutcome;
import cogent.curate.run.ListedSample;
import cogent.curate.run.SampleList;
import cogent.data.file.Row;
import cogent.data.file.RowFile;
import cogent.pipeline.curate.Agents;
import cogent.pipeline.notes.Note;
import cogent.pipeline.notes.Notes;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.RunDirectory;
import cogent.studio.http.RefusedRequest;
import cogent.studio.http.Reply;
import cogent.studio.http.Request;
import cogent.studio.run.RunFolder;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Samples as JSON Lines, written as they are read: a million of them need no more memory than one. */
public record RowsExport(RunFolder folder) {
    private static final String TYPE = "application/jsonl";

    /** The samples that a query asks for, with what the agents and people made of them. */
    public Reply samples(Request request) {
        String name = request.segment("run");
        RunDirectory run = folder.run(name);
        Recipe recipe = run.readRecipe();
        SampleQuery query = SampleQuery.of(request);
        SampleList.Where where = query.where();
        PairBuilder pairs = Agents.pairs(recipe, recipe.format().rows());
        Notes notes = Notes.of(run);
        boolean noted = !query.of("noted").isEmpty();
        return Reply.download(
                name + "-samples.jsonl",
                TYPE,
                out -> lines(
                        out,
                        line -> SampleList.forEach(run.root(), where, sample -> {
                            Note note = notes.on(sample.sample().id());
                            if ((!noted || !note.isEmpty()) && query.wants(sample, pairs)) {
                                line.accept(json(sample, pairs, note));
                            }
                        })));
    }

    /** {@code sft.jsonl} or {@code preferences.jsonl} without the samples that somebody left out. */
    public Reply rows(Request request) {
        String name = request.segment("run");
        RunDirectory run = folder.run(name);
        String file = request.segment("file");
        Path rows = switch (file) {
            case "sft.jsonl" -> run.sftRows();
            case "preferences.jsonl" -> run.preferences();
            default -> throw RefusedRequest.notFound("there are only sft.jsonl and preferences.jsonl");
        };
        if (!Files.exists(rows)) {
            throw RefusedRequest.notFound(rows + " is not there yet");
        }
        Notes notes = Notes.of(run);
        return Reply.download(
                file,
                TYPE,
                out -> lines(out, line -> {
                    try (Stream<Row> all = RowFile.open(rows)) {
                        all.map(Row::fields)
                                .filter(row ->
                                        !leftOut(notes, row.path("id").asString(""), rows.equals(run.preferences())))
                                .forEach(line);
                    }
                }));
    }

    private static boolean leftOut(Notes notes, String id, boolean pair) {
        return notes.on(pair ? Notes.sample(id) : id).leftOut();
    }

    private static ObjectNode json(ListedSample listed, PairBuilder pairs, Note note) {
        ObjectNode row = JsonMapper.shared()
                .createObjectNode()
                .put("id", listed.sample().id())
                .put("problem", listed.sample().problem().text())
                .put("answer", listed.sample().problem().answer())
                .put("original", listed.sample().rationale().text())
                .put("marked", note.marked())
                .put("left_out", note.leftOut())
                .put("comment", note.comment());
        if (listed.curated().isEmpty()) {
            return row.put("outcome", listed.readable() ? "unanswered" : "unreadable")
                    .put("reason", listed.reason());
        }
        Curated curated = listed.curated().get();
        row.put(
                "label",
                curated.critique().label() == null
                        ? null
                        : SamplesPage.word(curated.critique().label()));
        row.put("rewrites", curated.rounds().size());
        switch (curated.outcome()) {
            case SampleOutcome.Kept kept ->
                row.put("outcome", kept.source())
                        .put("rationale", kept.rationale().text());
            case SampleOutcome.Refused refused ->
                row.put("outcome", "refused").put("reason", refused.reason()).put("detail", refused.detail());
        }
        row.set("pairs", JsonMapper.shared().valueToTree(pairs.preferences(curated)));
        return row;
    }

    private static void lines(OutputStream out, Consumer<Consumer<JsonNode>> rows) throws IOException {
        try (OutputStream buffered = new BufferedOutputStream(out, 1 << 16)) {
            rows.accept(row -> {
                try {
                    buffered.write(JsonMapper.shared().writeValueAsBytes(row));
                    buffered.write('\n');
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
