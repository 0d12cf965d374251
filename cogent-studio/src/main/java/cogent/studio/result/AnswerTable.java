package cogent.studio.result;

import cogent.data.InputException;
import cogent.eval.Benchmark;
import cogent.eval.Question;
import cogent.eval.ResultRow;
import cogent.pipeline.run.Benchmarks;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Who is right on what, on one benchmark; the texts stay in their files until a page of them is asked for.
 *
 * @param models that have answered, in the order of the recipe
 * @param right by problem, whether each model's first answer is right, in the order of the models
 */
record AnswerTable(Benchmarks benchmarks, String name, List<String> models, SequencedMap<String, boolean[]> right) {
    static AnswerTable of(Benchmarks benchmarks, String name, List<String> models) {
        Benchmark benchmark = benchmarks.of(name);
        List<String> there = models.stream()
                .filter(model -> Files.exists(benchmarks.results(benchmark, model)))
                .toList();
        SequencedMap<String, boolean[]> right = new LinkedHashMap<>();
        for (int i = 0; i < there.size(); i++) {
            int model = i;
            ResultRow.forEach(benchmarks.results(benchmark, there.get(i)), row -> {
                if (row.sample() == 0) {
                    right.computeIfAbsent(row.problem(), _ -> new boolean[there.size()])[model] = row.right();
                }
            });
        }
        return new AnswerTable(benchmarks, name, there, right);
    }

    /**
     * The problems on which it is as asked.
     *
     * @param asked {@code right} or {@code wrong} by model; others are not asked about
     * @param differ only where the models do
     */
    List<String> problems(Map<String, String> asked, boolean differ) {
        List<String> problems = new ArrayList<>();
        right.forEach((problem, verdicts) -> {
            Set<Boolean> all = new HashSet<>();
            boolean wanted = true;
            for (int i = 0; i < verdicts.length; i++) {
                all.add(verdicts[i]);
                String wish = asked.getOrDefault(models.get(i), "");
                wanted &= wish.isEmpty() || wish.equals(verdicts[i] ? "right" : "wrong");
            }
            if (wanted && (!differ || all.size() > 1)) {
                problems.add(problem);
            }
        });
        return problems;
    }

    /** All answers to some problems, by problem and then by model. */
    Map<String, Map<String, List<ResultRow>>> answers(Set<String> problems) {
        Map<String, Map<String, List<ResultRow>>> answers = new HashMap<>();
        for (String model : models) {
            ResultRow.forEach(benchmarks.results(benchmarks.of(name), model), row -> {
                if (problems.contains(row.problem())) {
                    answers.computeIfAbsent(row.problem(), _ -> new LinkedHashMap<>())
                            .computeIfAbsent(model, _ -> new ArrayList<>())
                            .add(row);
                }
            });
        }
        return answers;
    }

    /** What the problems say; none where the data has gone from where the recipe has it. */
    Map<String, String> texts(Set<String> problems) {
        Map<String, String> texts = new HashMap<>();
        try {
            for (Question question : Question.read(benchmarks.of(name), benchmarks.data(name))) {
                if (problems.contains(question.problem().id())) {
                    texts.put(question.problem().id(), question.problem().text());
                }
            }
        } catch (InputException e) {
            return Map.of();
        }
        return texts;
    }
}
