package cogent.pipeline;

import cogent.data.InputException;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** The runs in a folder. */
public record RunList(Path folder, List<Line> lines) {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

    /**
     * One run.
     *
     * @param stages how many it has, {@code done} of them done
     * @param next the stage that comes next; null when there is none
     * @param last when the last stage ended
     * @param result what the evaluation found, or why the run cannot be read
     */
    public record Line(
            Path run,
            int stages,
            int done,
            @Nullable String next,
            @Nullable Instant last,
            String result) {
        private String text() {
            if (stages == 0) {
                return result;
            }
            return (last == null ? "" : DATE.format(last) + "  ")
                    + (next == null ? "done" : "%d of %d stages, next %s".formatted(done, stages, next))
                    + (result.isEmpty() ? "" : "  " + result);
        }
    }

    /** @throws InputException when there is no such folder */
    public static RunList of(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return new RunList(
                    folder,
                    entries.filter(entry -> Files.exists(new RunDirectory(entry).recipe()))
                            .sorted()
                            .map(RunList::line)
                            .toList());
        } catch (IOException e) {
            throw new InputException(folder + ": cannot be listed (" + InputException.reason(e) + ")", e);
        }
    }

    private static Line line(Path folder) {
        RunDirectory run = new RunDirectory(folder);
        try {
            RunStatus standing = RunStatus.of(run.readRecipe(), run);
            Optional<String> next = standing.stages().stream()
                    .map(Stage::name)
                    .filter(name -> standing.of(name).isEmpty())
                    .findFirst();
            Optional<Instant> last = standing.done().values().stream()
                    .map(m -> Instant.parse(m.finished()))
                    .max(Instant::compareTo);
            return new Line(
                    folder,
                    standing.stages().size(),
                    standing.done().size(),
                    next.orElse(null),
                    last.orElse(null),
                    standing.of("evaluate")
                            .map(m -> m.summary().path("line").asString(""))
                            .orElse(""));
        } catch (InputException e) {
            return new Line(folder, 0, 0, null, null, "cannot be read: " + e.getMessage());
        }
    }

    /** A line each, for people. */
    public String text() {
        if (lines.isEmpty()) {
            return "no run in " + folder + "\n";
        }
        int width =
                lines.stream().mapToInt(l -> l.run().toString().length()).max().orElse(0);
        StringBuilder text = new StringBuilder();
        lines.forEach(l -> text.append((" %-" + width + "s  %s%n").formatted(l.run(), l.text())));
        return text.toString();
    }

    /** The same for programs. */
    public ArrayNode json() {
        ArrayNode runs = JsonMapper.shared().createArrayNode();
        for (Line line : lines) {
            runs.addObject()
                    .put("run", line.run().toString())
                    .put("stages", line.stages())
                    .put("done", line.done())
                    .put("next", line.next())
                    .put("last", line.last() == null ? null : line.last().toString())
                    .put("result", line.result());
        }
        return runs;
    }
}
