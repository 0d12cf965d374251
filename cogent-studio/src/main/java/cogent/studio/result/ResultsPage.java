package cogent.studio.result;

import cogent.data.Count;
import cogent.eval.ResultRow;
import cogent.pipeline.evaluate.EvaluateStage;
import cogent.pipeline.evaluate.VerdictDoubt;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.result.BenchmarkResult;
import cogent.pipeline.result.EvaluateResult;
import cogent.pipeline.run.Manifest;
import cogent.pipeline.run.ModelNames;
import cogent.pipeline.run.RunDirectory;
import cogent.report.EvaluationReport;
import cogent.report.ReportData;
import cogent.report.ResultSection;
import cogent.report.chart.Html;
import cogent.studio.html.Form;
import cogent.studio.html.Layout;
import cogent.studio.html.SafeHtml;
import cogent.studio.html.Url;
import cogent.studio.http.RefusedRequest;
import cogent.studio.http.Reply;
import cogent.studio.http.Request;
import cogent.studio.run.Headline;
import cogent.studio.run.RunFolder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/** A run's evaluation: accuracies with their intervals and paired tests, and every answer of every model. */
public record ResultsPage(RunFolder folder) {
    private static final int PROBLEMS = 20;

    public Reply answer(Request request) {
        String name = request.segment("run");
        RunDirectory run = folder.run(name);
        Recipe recipe = run.readRecipe();
        Optional<EvaluateResult> result = Manifest.read(run.manifest("evaluate"))
                .map(Manifest::result)
                .map(EvaluateResult.class::cast)
                .filter(r ->
                        r.benchmarks().size() == recipe.evaluate().benchmarks().size());
        SafeHtml content = result.map(r -> page(request, name, recipe, new EvaluateStage(recipe, run), r))
                .orElseGet(() -> SafeHtml.of("<p>The evaluation of this run is not done.</p>"));
        return Reply.page(Layout.run(name, "Results", content));
    }

    private static SafeHtml page(
            Request request, String name, Recipe recipe, EvaluateStage stage, EvaluateResult result) {
        List<SafeHtml> parts = new ArrayList<>();
        List<ReportData.Benchmark> benchmarks = new EvaluationReport(stage).benchmarks(result);
        Map<String, Integer> colours = new LinkedHashMap<>();
        benchmarks.forEach(b -> b.models().forEach(m -> colours.putIfAbsent(m.model(), colours.size())));
        for (int i = 0; i < benchmarks.size(); i++) {
            StringBuilder table = new StringBuilder();
            ResultSection.benchmark(table, benchmarks.get(i), colours);
            parts.add(cutOff(recipe, result.benchmarks().get(i)));
            parts.add(SafeHtml.written(table.toString()));
        }
        return SafeHtml.of("{}{}{}", Headline.of(recipe, result), parts, answers(request, name, recipe, stage));
    }

    /** The first thing to know of an accuracy: an answer that was cut off is counted as wrong, whatever it was going to say. */
    private static SafeHtml cutOff(Recipe recipe, BenchmarkResult benchmark) {
        List<SafeHtml> cut = benchmark.models().stream()
                .filter(model -> model.truncated() > 0)
                .map(model -> SafeHtml.of(
                        "<li>{}: {} of {} ({} %)</li>",
                        ModelNames.of(recipe).of(model.model()),
                        "%,d".formatted(model.truncated()),
                        "%,d".formatted(model.n()),
                        "%.1f".formatted(100 * Headline.cutOff(model))))
                .toList();
        return SafeHtml.when(
                !cut.isEmpty(), """
                <div class="warning"><p><b>{}: answers were cut off</b> at <code>evaluate.max_new_tokens</code> = {} and count as wrong:</p><ul>{}</ul>
                <p>Raise it and run <code>cogent evaluate</code> again to see what these models can do; where a model goes on for ever, it is the model.</p></div>""", benchmark.title(), recipe.evaluate().maxNewTokens(), cut);
    }

    private static SafeHtml answers(Request request, String name, Recipe recipe, EvaluateStage stage) {
        List<String> benchmarks = recipe.evaluate().benchmarks();
        String benchmark = request.query("benchmark").isEmpty() ? benchmarks.getFirst() : request.query("benchmark");
        if (!benchmarks.contains(benchmark)) {
            throw RefusedRequest.notFound("this run was not evaluated on " + benchmark);
        }
        AnswerTable table = AnswerTable.of(stage.benchmarks(), benchmark, stage.models());
        boolean differ = request.query("differ").equals("yes");
        Map<String, String> asked = new LinkedHashMap<>();
        asked.put("benchmark", benchmark);
        asked.put("differ", differ ? "yes" : "");
        table.models().forEach(model -> asked.put(model, request.query(model)));
        List<String> problems = table.problems(asked, differ);
        int from = from(request, problems.size());
        List<String> shown = problems.subList(from, Math.min(problems.size(), from + PROBLEMS));
        Set<String> ids = new HashSet<>(shown);
        Map<String, String> texts = table.texts(ids);
        Map<String, Map<String, List<ResultRow>>> rows = table.answers(ids);
        boolean program = stage.benchmarks().of(benchmark).code() != null;
        return SafeHtml.of(
                "<h2 id=\"answers\">Answers</h2>{}<p class=\"note\">{} of {}</p>{}{}",
                filter(name, recipe, table, asked, benchmarks),
                Count.of(problems.size(), "problem"),
                "%,d".formatted(table.right().size()),
                shown.stream()
                        .map(id -> problem(
                                id, texts.getOrDefault(id, id), rows.getOrDefault(id, Map.of()), recipe, program))
                        .toList(),
                next(name, asked, from + PROBLEMS, problems.size()));
    }

    private static int from(Request request, int problems) {
        String from = request.query("from");
        if (!from.matches("\\d{0,9}")) {
            throw new RefusedRequest(400, "no such page of answers: " + from);
        }
        return from.isEmpty() ? 0 : Math.min(Integer.parseInt(from), problems);
    }

    private static SafeHtml filter(
            String name, Recipe recipe, AnswerTable table, Map<String, String> asked, List<String> benchmarks) {
        SequencedMap<String, String> verdicts = new LinkedHashMap<>();
        verdicts.put("", "right or wrong");
        verdicts.put("right", "right");
        verdicts.put("wrong", "wrong");
        SequencedMap<String, String> names = new LinkedHashMap<>();
        benchmarks.forEach(b -> names.put(b, b));
        return SafeHtml.of(
                "<form class=\"filters\" method=\"get\" action=\"{}#answers\">{}{}{}<button>Show</button></form>",
                Url.of("run", name, "results"),
                benchmarks.size() > 1
                        ? Form.select("benchmark", "benchmark", names, asked.getOrDefault("benchmark", ""))
                        : SafeHtml.NONE,
                table.models().stream()
                        .map(model -> Form.select(
                                model, ModelNames.of(recipe).of(model), verdicts, asked.getOrDefault(model, "")))
                        .toList(),
                Form.checkbox("differ", "only where models differ", "yes".equals(asked.get("differ"))));
    }

    private static SafeHtml next(String name, Map<String, String> asked, int from, int problems) {
        Map<String, String> query = new LinkedHashMap<>(asked);
        query.put("from", String.valueOf(from));
        return SafeHtml.when(
                from < problems,
                "<p class=\"pages\"><a rel=\"next\" href=\"{}#answers\">Next {}</a></p>",
                Url.with(Url.of("run", name, "results"), query),
                PROBLEMS);
    }

    private static SafeHtml problem(
            String id, String text, Map<String, List<ResultRow>> answers, Recipe recipe, boolean program) {
        ModelNames names = ModelNames.of(recipe);
        List<SafeHtml> marks = new ArrayList<>();
        List<SafeHtml> sides = new ArrayList<>();
        answers.forEach((model, rows) -> {
            boolean right = rows.getFirst().right();
            marks.add(SafeHtml.of(
                    "<i class=\"{}\" role=\"img\" aria-label=\"{}\">{}</i>",
                    right ? "right" : "wrong",
                    names.of(model) + (right ? ": right" : ": wrong"),
                    right ? "✓" : "✗"));
            rows.forEach(row -> sides.add(side(names.of(model), row, rows.size(), program)));
        });
        String reference = answers.values().stream()
                .flatMap(List::stream)
                .map(ResultRow::reference)
                .findFirst()
                .orElse("");
        return SafeHtml.of(
                """
                <details class="answer"><summary><span class="q" dir="auto">{}</span><span class="marks">{}</span></summary>
                <div class="problem">{}<p class="note">answer sought {} · problem {}</p></div><div class="sides">{}</div></details>
                """,
                SafeHtml.written(Html.oneLine(text, 110)),
                marks,
                SafeHtml.written(Html.text(text)),
                SafeHtml.written(Html.oneLine(reference, 120)),
                id,
                sides);
    }

    private static SafeHtml side(String model, ResultRow row, int samples, boolean program) {
        String doubt = VerdictDoubt.of(row, program);
        String text = row.reasoning().isBlank() ? row.reply() : row.reasoning() + "\n\n" + row.reply();
        return SafeHtml.of(
                "<div><h4>{}{} {}</h4><p class=\"note\">{}{}</p>{}</div>",
                model,
                samples > 1 ? " · sample " + (row.sample() + 1) : "",
                row.right()
                        ? SafeHtml.of("<span class=\"tag t-good\">right</span>")
                        : VerdictDoubt.undecided(row)
                                ? SafeHtml.of("<span class=\"tag t-waiting\">cannot tell</span>")
                                : SafeHtml.of("<span class=\"tag t-refused\">wrong</span>"),
                row.extracted().isEmpty() ? "no answer found" : program ? "a program" : "answers " + row.extracted(),
                doubt.isEmpty() ? "" : " · " + doubt,
                SafeHtml.written(Html.text(text)));
    }
}
