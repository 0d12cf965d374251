package cogent.eval;

import cogent.data.AtomicFile;
import cogent.data.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Judges the replies of a finished evaluation anew, as after a change of the grader or of the reference answers. */
public final class Regrading {
    /**
     * What it came to.
     *
     * @param changed samples that are right now and were not, or the other way round
     */
    public record Outcome(Scores scores, long changed) {}

    private Regrading() {}

    /**
     * Rewrites the results file with new verdicts; no model is asked.
     *
     * @throws InputException when the results are of other questions
     */
    public static Outcome of(Benchmark benchmark, List<Question> questions, Grader grader, Path results) {
        Map<String, Question> byId = new HashMap<>();
        questions.forEach(question -> byId.put(question.id(), question));
        Map<String, List<Graded>> samples = new LinkedHashMap<>();
        long[] changed = new long[1];
        try (AtomicFile file = AtomicFile.create(results)) {
            ResultRow.forEach(results, row -> {
                Question question = byId.get(row.problem());
                if (question == null) {
                    throw new InputException(results + ": problem " + row.problem() + " is not in the data of "
                            + benchmark.name() + " any more");
                }
                ResultRow judged = row.end() == Graded.End.FAILED
                        ? row
                        : row.judged(question.problem().answer(), grader.grade(question, row.reply()));
                changed[0] += judged.right() == row.right() ? 0 : 1;
                samples.computeIfAbsent(row.problem(), _ -> new ArrayList<>()).add(judged.graded());
                write(file, judged, results);
            });
            file.commit();
        }
        List<Scores.Problem> problems = new ArrayList<>();
        samples.forEach((id, graded) -> problems.add(new Scores.Problem(id, graded)));
        return new Outcome(new Scores(benchmark.name(), problems), changed[0]);
    }

    private static void write(AtomicFile file, ResultRow row, Path results) {
        try {
            file.stream().write((JsonMapper.shared().writeValueAsString(row) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new InputException(results + ": " + InputException.reason(e), e);
        }
    }
}
