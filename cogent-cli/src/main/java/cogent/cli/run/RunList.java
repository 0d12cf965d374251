package cogent.cli.run;

import cogent.data.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The runs in a folder, a line each. */
public final class RunList {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

    private RunList() {}

    /** @throws InputException when there is no such folder */
    public static String of(Path folder) {
        List<Path> runs;
        try (Stream<Path> entries = Files.list(folder)) {
            runs = entries.filter(entry -> Files.exists(new RunDirectory(entry).recipe()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new InputException(folder + ": cannot be listed (" + InputException.reason(e) + ")", e);
        }
        if (runs.isEmpty()) {
            return "no run in " + folder + "\n";
        }
        int width = runs.stream().mapToInt(run -> run.toString().length()).max().orElse(0);
        StringBuilder text = new StringBuilder();
        runs.forEach(run -> text.append((" %-" + width + "s  %s%n").formatted(run, line(new RunDirectory(run)))));
        return text.toString();
    }

    private static String line(RunDirectory run) {
        try {
            Standing standing = Standing.of(run.readRecipe(), run);
            String count = "%d of %d stages"
                    .formatted(standing.done().size(), standing.stages().size());
            Optional<Instant> last = standing.done().values().stream()
                    .map(m -> Instant.parse(m.finished()))
                    .max(Instant::compareTo);
            String state = standing.stages().stream()
                    .map(Stage::name)
                    .filter(name -> standing.of(name).isEmpty())
                    .findFirst()
                    .map(next -> count + ", next " + next)
                    .orElse("done");
            return last.map(at -> DATE.format(at) + "  ").orElse("")
                    + state
                    + standing.of("evaluate")
                            .map(m -> "  " + m.summary().path("line").asString(""))
                            .orElse("");
        } catch (InputException e) {
            return "cannot be read: " + e.getMessage();
        }
    }
}
