package cogent.eval;

import cogent.data.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A finished evaluation read back from its results file.
 *
 * @param references the answer sought, by problem: what tells whether two evaluations asked the same
 */
public record Evaluated(Scores scores, Map<String, String> references) {
    public Evaluated {
        references = Map.copyOf(references);
    }

    /** @throws InputException when the file cannot be read or holds what is no result */
    public static Evaluated read(String benchmark, Path results) {
        Map<String, List<Graded>> samples = new LinkedHashMap<>();
        Map<String, String> references = new LinkedHashMap<>();
        ResultRow.forEach(results, row -> {
            samples.computeIfAbsent(row.problem(), _ -> new ArrayList<>()).add(row.graded());
            references.put(row.problem(), row.reference());
        });
        List<Scores.Problem> problems = new ArrayList<>();
        samples.forEach((id, graded) -> problems.add(new Scores.Problem(id, graded)));
        return new Evaluated(new Scores(benchmark, problems), references);
    }

    /**
     * This against a baseline, problem by problem.
     *
     * @throws InputException when the two were not asked the same problems
     */
    public Comparison against(Evaluated baseline) {
        references.forEach((problem, answer) -> {
            if (!baseline.references.getOrDefault(problem, answer).equals(answer)) {
                throw new InputException("the two evaluations of " + scores.benchmark()
                        + " are of different data: problem " + problem + " has the answer \"" + answer
                        + "\" in one and \"" + baseline.references.get(problem) + "\" in the other");
            }
        });
        return Comparison.of(scores, baseline.scores);
    }
}
