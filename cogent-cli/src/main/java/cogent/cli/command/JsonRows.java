package cogent.cli.command;

import cogent.data.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON Lines in, JSON Lines out: one object for each line of the input, in order. A line that cannot be answered gets
 * {@code {"error": …}} and does not stop the others.
 */
public final class JsonRows {
    public static final JsonMapper JSON = JsonMapper.builder().build();

    private JsonRows() {}

    /** What one line asks for: its object, or why there is none. */
    private record Line(@Nullable ObjectNode row, String error) {}

    /** Answers line by line. */
    public static void each(Path input, PrintWriter out, Function<ObjectNode, ObjectNode> answer) {
        batches(input, 1, out, rows -> List.of(answer.apply(rows.getFirst())));
    }

    /**
     * Answers several lines at once. Where a batch fails, its rows are tried one by one, so that one bad row costs only
     * its own answer.
     *
     * @param input a file, or {@code -} for standard input
     */
    public static void batches(
            Path input, int size, PrintWriter out, Function<List<ObjectNode>, List<ObjectNode>> answer) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(open(input), StandardCharsets.UTF_8))) {
            List<Line> lines = new ArrayList<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isBlank()) {
                    lines.add(parse(line));
                }
                if (lines.size() == size) {
                    answer(lines, out, answer);
                    lines.clear();
                }
            }
            answer(lines, out, answer);
        } catch (IOException e) {
            throw new UncheckedIOException(input + ": cannot be read", e);
        }
    }

    public static ObjectNode error(String message) {
        return JSON.createObjectNode().put("error", message);
    }

    private static InputStream open(Path input) throws IOException {
        if (input.toString().equals("-")) {
            return System.in;
        }
        if (!Files.isRegularFile(input)) {
            throw new InputException(input + ": no such file");
        }
        return Files.newInputStream(input);
    }

    private static Line parse(String line) {
        try {
            JsonNode node = JSON.readTree(line);
            return node instanceof ObjectNode row ? new Line(row, "") : new Line(null, "not a JSON object");
        } catch (JacksonException e) {
            return new Line(null, "not JSON: " + e.getOriginalMessage());
        }
    }

    private static void answer(List<Line> lines, PrintWriter out, Function<List<ObjectNode>, List<ObjectNode>> answer) {
        List<ObjectNode> rows = new ArrayList<>();
        for (Line line : lines) {
            if (line.row() != null) {
                rows.add(line.row());
            }
        }
        var answers = rows.isEmpty()
                ? List.<ObjectNode>of().iterator()
                : answers(rows, answer).iterator();
        for (Line line : lines) {
            out.println(line.row() == null ? error(line.error()) : answers.next());
        }
        out.flush();
    }

    private static List<ObjectNode> answers(
            List<ObjectNode> rows, Function<List<ObjectNode>, List<ObjectNode>> answer) {
        try {
            return answer.apply(rows);
        } catch (InputException e) {
            return rows.size() == 1
                    ? List.of(error(String.valueOf(e.getMessage())))
                    : rows.stream()
                            .flatMap(r -> answers(List.of(r), answer).stream())
                            .toList();
        }
    }
}
