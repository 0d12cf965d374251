package cogent.eval;

import cogent.answer.Verdict;
import cogent.data.InputException;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * One line of a results file: a reply and how it was judged.
 *
 * @param key hash of everything that the reply depends on; a row with another key is not taken over
 * @param reference the answer sought
 * @param verdict {@code equal}, {@code different} or {@code unknown}
 */
public record ResultRow(
        String key,
        String problem,
        int sample,
        String reference,
        String extracted,
        boolean stated,
        String verdict,
        String reason,
        Graded.End end,
        @JsonProperty("prompt_tokens") long promptTokens,
        @JsonProperty("completion_tokens") long completionTokens,
        String reply,
        String reasoning) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** Whether a results file, if there is one, holds a question that was not answered: it is asked again in the next run. */
    public static boolean anyFailed(Path results) {
        if (!Files.exists(results)) {
            return false;
        }
        try (Stream<String> lines = Files.lines(results)) {
            return lines.anyMatch(line -> line.contains("\"" + Graded.End.FAILED.name() + "\"")
                    && JSON.readValue(line, ResultRow.class).end() == Graded.End.FAILED);
        } catch (IOException | UncheckedIOException | JacksonException e) {
            return false; // whoever reads the file says so
        }
    }

    /** Whether the reply was judged right. */
    public boolean right() {
        return verdict.equals("equal");
    }

    /**
     * Reads a finished results file, one row at a time.
     *
     * @throws InputException when it cannot be read
     */
    public static void forEach(Path results, Consumer<ResultRow> action) {
        try (BufferedReader lines = Files.newBufferedReader(results)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                action.accept(JSON.readValue(line, ResultRow.class));
            }
        } catch (IOException e) {
            throw InputException.unreadable(results, e);
        } catch (JacksonException e) {
            throw new InputException(
                    results + ": holds a line that is no result; remove the file and evaluate again", e);
        }
    }

    /** How it was judged, without its text. */
    public Graded graded() {
        Verdict found = new Verdict(Verdict.Kind.valueOf(verdict.toUpperCase(Locale.ROOT)), reason);
        return new Graded(new Grade(extracted, stated, found), end, promptTokens, completionTokens);
    }

    ResultRow judged(String answer, Grade grade) {
        return new ResultRow(
                key,
                problem,
                sample,
                answer,
                grade.extracted(),
                grade.stated(),
                grade.verdict().kind().name().toLowerCase(Locale.ROOT),
                grade.verdict().reason(),
                end,
                promptTokens,
                completionTokens,
                reply,
                reasoning);
    }
}
