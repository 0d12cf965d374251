package cogent.cli.terminal;

import cogent.pipeline.RunList;
import cogent.pipeline.RunStatus;
import cogent.pipeline.run.RunDirectory;
import cogent.report.ResultText;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The runs of a folder, a line each. */
public final class RunsTable {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

    private RunsTable() {}

    /** For people. */
    public static String of(RunList runs) {
        if (runs.entries().isEmpty()) {
            return "no run in " + runs.folder() + "\n";
        }
        int width = runs.entries().stream()
                .mapToInt(entry -> entry.run().toString().length())
                .max()
                .orElse(0);
        StringBuilder text = new StringBuilder();
        runs.entries().forEach(entry -> text.append((" %-" + width + "s  %s%n").formatted(entry.run(), line(entry))));
        return text.toString();
    }

    private static String line(RunList.Entry entry) {
        return switch (entry) {
            case RunList.UnreadableRun unreadable -> "cannot be read: " + unreadable.why();
            case RunList.ReadableRun(Path run, RunStatus status) -> {
                String result = result(run, status);
                yield status.last().map(last -> DATE.format(last) + "  ").orElse("")
                        + status.next()
                                .map(next -> "%d of %d stages, next %s"
                                        .formatted(
                                                status.done().size(),
                                                status.stages().size(),
                                                next))
                                .orElse("done")
                        + (result.isEmpty() ? "" : "  " + result);
            }
        };
    }

    private static String result(Path run, RunStatus status) {
        return status.evaluation()
                .map(ResultText.of(status.recipe(), new RunDirectory(run))::evaluate)
                .orElse("");
    }

    /** For programs. */
    public static ArrayNode json(RunList runs) {
        ArrayNode json = JsonMapper.shared().createArrayNode();
        for (RunList.Entry entry : runs.entries()) {
            ObjectNode run = json.addObject().put("run", entry.run().toString());
            switch (entry) {
                case RunList.UnreadableRun unreadable ->
                    run.put("stages", 0)
                            .put("done", 0)
                            .putNull("next")
                            .putNull("last")
                            .put("result", "cannot be read: " + unreadable.why());
                case RunList.ReadableRun(Path folder, RunStatus status) ->
                    run.put("stages", status.stages().size())
                            .put("done", status.done().size())
                            .put("next", status.next().orElse(null))
                            .put("last", status.last().map(Instant::toString).orElse(null))
                            .put("result", result(folder, status));
            }
        }
        return json;
    }
}
