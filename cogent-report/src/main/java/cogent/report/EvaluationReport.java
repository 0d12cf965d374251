package cogent.report;

import cogent.data.InputException;
import cogent.data.Problem;
import cogent.eval.Benchmark;
import cogent.eval.Question;
import cogent.eval.ResultRow;
import cogent.pipeline.evaluate.EvaluateStage;
import cogent.pipeline.evaluate.VerdictDoubt;
import cogent.pipeline.result.BenchmarkResult;
import cogent.pipeline.result.EvaluateResult;
import cogent.pipeline.result.ModelComparison;
import cogent.pipeline.result.ModelScores;
import cogent.pipeline.run.ModelNames;
import cogent.report.ReportData.EvaluationExample;
import cogent.report.ReportData.ModelAnswer;
import cogent.report.ReportData.ModelResult;
import cogent.report.ReportData.Undecided;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/** The report's part on the evaluation: the numbers of the stage's manifest, and answers from the results files. */
public record EvaluationReport(EvaluateStage stage) {
    /** Problems shown of a benchmark, and of those the most on which all models agree. */
    private static final int EXAMPLES = 40;

    private static final int AGREED = 10;

    private static final int UNDECIDED = 2_000;

    /** Characters of answers in the page; long chains of thought make fewer examples. */
    private static final int CHARACTERS = 2_000_000;

    /** One entry for each benchmark of the recipe, in its order. */
    public List<ReportData.Benchmark> benchmarks(EvaluateResult result) {
        List<String> names = stage.recipe().evaluate().benchmarks();
        List<ReportData.Benchmark> benchmarks = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            BenchmarkResult entry = result.benchmarks().get(i);
            List<String> models =
                    entry.models().stream().map(ModelScores::model).toList();
            String overlap = ResultText.overlap(entry);
            benchmarks.add(new ReportData.Benchmark(
                    entry.title(),
                    entry.decoding() + (overlap.isEmpty() ? "" : " · careful: " + overlap),
                    entry.models().stream().map(this::result).toList(),
                    entry.comparisons().stream().map(this::compared).toList(),
                    examples(names.get(i), models),
                    undecided(names.get(i), models)));
        }
        return benchmarks;
    }

    private String called(String model) {
        return ModelNames.of(stage.recipe()).of(model);
    }

    private ModelResult result(ModelScores model) {
        return new ModelResult(
                called(model.model()),
                model.correct(),
                model.n(),
                model.interval(),
                model.meanTokens(),
                model.truncated(),
                model.unparsed());
    }

    private ModelComparison compared(ModelComparison c) {
        return new ModelComparison(called(c.model()), called(c.baseline()), c.comparison());
    }

    /** Every model's first answer to the chosen problems. */
    private List<EvaluationExample> examples(String name, List<String> models) {
        Benchmark benchmark = stage.benchmarks().of(name);
        if (models.isEmpty()
                || models.stream()
                        .anyMatch(model -> !Files.exists(stage.benchmarks().results(benchmark, model)))) {
            return List.of();
        }
        Set<String> chosen = choose(benchmark, models);
        Map<String, List<ModelAnswer>> answers = new LinkedHashMap<>();
        Map<String, String> references = new LinkedHashMap<>();
        for (String model : models) {
            ResultRow.forEach(stage.benchmarks().results(benchmark, model), row -> {
                if (row.sample() == 0 && chosen.contains(row.problem())) {
                    references.put(row.problem(), row.reference());
                    answers.computeIfAbsent(row.problem(), _ -> new ArrayList<>())
                            .add(answer(model, row, benchmark));
                }
            });
        }
        Map<String, String> problems = problems(name, benchmark, chosen);
        List<EvaluationExample> examples = new ArrayList<>();
        long characters = 0;
        for (String id : chosen) {
            List<ModelAnswer> ofProblem = answers.getOrDefault(id, List.of());
            characters += ofProblem.stream().mapToLong(a -> a.text().length()).sum();
            if (characters > CHARACTERS) {
                break;
            }
            examples.add(new EvaluationExample(
                    id, problems.getOrDefault(id, id), references.getOrDefault(id, ""), ofProblem));
        }
        return examples;
    }

    private ModelAnswer answer(String model, ResultRow row, Benchmark benchmark) {
        boolean program = benchmark.code() != null;
        String look = VerdictDoubt.of(row, program);
        return new ModelAnswer(
                called(model),
                text(row),
                program && !row.extracted().isEmpty() ? "a program" : row.extracted(),
                row.right(),
                VerdictDoubt.undecided(row),
                row.right() ? "" : row.reason() + (look.isEmpty() ? "" : " · " + look));
    }

    /** All of them, up to a number that no reader goes through. */
    private List<Undecided> undecided(String name, List<String> models) {
        Benchmark benchmark = stage.benchmarks().of(name);
        List<Undecided> undecided = new ArrayList<>();
        for (String model : models) {
            if (Files.exists(stage.benchmarks().results(benchmark, model))) {
                ResultRow.forEach(stage.benchmarks().results(benchmark, model), row -> {
                    if (VerdictDoubt.undecided(row) && undecided.size() < UNDECIDED) {
                        undecided.add(new Undecided(
                                called(model), row.problem(), row.reference(), row.extracted(), row.reason()));
                    }
                });
            }
        }
        return undecided;
    }

    /** Problems on which models differ, some that all get wrong, some that all get right; then whatever there is. */
    private Set<String> choose(Benchmark benchmark, List<String> models) {
        Map<String, Integer> right = new LinkedHashMap<>();
        for (String model : models) {
            ResultRow.forEach(stage.benchmarks().results(benchmark, model), row -> {
                if (row.sample() == 0) {
                    right.merge(row.problem(), row.right() ? 1 : 0, Integer::sum);
                }
            });
        }
        Set<String> chosen = new HashSet<>();
        take(right, n -> n > 0 && n < models.size(), EXAMPLES - AGREED, chosen);
        take(right, n -> n == 0, AGREED / 2, chosen);
        take(right, n -> n == models.size(), AGREED / 2, chosen);
        take(right, _ -> true, EXAMPLES - chosen.size(), chosen);
        return right.keySet().stream().filter(chosen::contains).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static void take(Map<String, Integer> right, IntPredicate kind, int limit, Set<String> chosen) {
        right.entrySet().stream()
                .filter(e -> kind.test(e.getValue()) && !chosen.contains(e.getKey()))
                .limit(limit)
                .map(Map.Entry::getKey)
                .toList()
                .forEach(chosen::add);
    }

    private static String text(ResultRow row) {
        return row.reasoning().isBlank() ? row.reply() : row.reasoning() + "\n\n" + row.reply();
    }

    /** The chosen problems' texts; none when the data has gone from where the recipe says. */
    private Map<String, String> problems(String name, Benchmark benchmark, Set<String> chosen) {
        Map<String, String> problems = new LinkedHashMap<>();
        try {
            for (Question question : Question.read(benchmark, stage.benchmarks().data(name))) {
                Problem problem = question.problem();
                if (chosen.contains(problem.id())) {
                    problems.put(problem.id(), problem.text());
                }
            }
        } catch (InputException e) {
            return Map.of();
        }
        return problems;
    }
}
