package cogent.studio.training;

import cogent.data.InputException;
import cogent.pipeline.RunList;
import cogent.pipeline.evaluate.RunComparison;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.StageMetrics;
import cogent.report.ComparisonPage;
import cogent.studio.html.Layout;
import cogent.studio.html.SafeHtml;
import cogent.studio.http.Reply;
import cogent.studio.http.Request;
import cogent.studio.run.RunFolder;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Several runs beside one another: what differs in their recipes, their curves, and what they came to. */
public record ComparePage(RunFolder folder) {
    public Reply answer(Request request) {
        SequencedMap<String, Recipe> runs = new LinkedHashMap<>();
        request.query()
                .getOrDefault("run", List.of())
                .forEach(name -> runs.put(name, folder.run(name).readRecipe()));
        SafeHtml content = SafeHtml.of("{}{}", choice(runs.keySet()), runs.size() < 2 ? SafeHtml.NONE : compared(runs));
        return Reply.page(Layout.top("Compare", content));
    }

    private SafeHtml choice(Set<String> chosen) {
        List<SafeHtml> boxes = (Files.isDirectory(folder.root())
                        ? RunList.of(folder.root()).entries()
                        : List.<RunList.Entry>of())
                .stream()
                        .map(entry -> String.valueOf(entry.run().getFileName()))
                        .map(name -> SafeHtml.of(
                                "<label class=\"check\"><input type=\"checkbox\" name=\"run\" value=\"{}\"{}><span>{}</span></label>",
                                name,
                                SafeHtml.when(chosen.contains(name), " checked"),
                                name))
                        .toList();
        return SafeHtml.of(
                "<form class=\"filters\" method=\"get\">{}<button>Compare</button></form>{}",
                boxes,
                SafeHtml.when(chosen.size() < 2, "<p>Choose two runs or more.</p>"));
    }

    private SafeHtml compared(SequencedMap<String, Recipe> runs) {
        RecipeDiff diff = RecipeDiff.of(runs);
        return SafeHtml.of(
                "<h2>Recipes</h2>{}<h2>Results</h2>{}{}{}",
                recipes(runs, diff),
                measuredDifferently(diff),
                results(runs),
                curves(runs));
    }

    private static SafeHtml recipes(SequencedMap<String, Recipe> runs, RecipeDiff diff) {
        if (diff.differences().isEmpty()) {
            return SafeHtml.of("<p>Their recipes are the same.</p>");
        }
        return SafeHtml.of(
                """
                <div class="scroll" role="region" tabindex="0" aria-label="Keys that differ"><table><caption>Keys that differ</caption>
                <thead><tr><th scope="col">key</th>{}</tr></thead><tbody>{}</tbody></table></div>""",
                runs.sequencedKeySet().stream()
                        .map(run -> SafeHtml.of("<th scope=\"col\">{}</th>", run))
                        .toList(),
                diff.differences().stream()
                        .map(d -> SafeHtml.of(
                                "<tr><th scope=\"row\"><code>{}</code></th>{}</tr>",
                                d.key(),
                                d.values().stream()
                                        .map(v -> SafeHtml.of("<td>{}</td>", v))
                                        .toList()))
                        .toList());
    }

    private static SafeHtml measuredDifferently(RecipeDiff diff) {
        String keys = diff.differences().stream()
                .filter(RecipeDiff.Difference::measures)
                .map(RecipeDiff.Difference::key)
                .collect(Collectors.joining(", "));
        return SafeHtml.when(
                !keys.isEmpty(),
                "<p class=\"warning\"><b>Measured differently:</b> these runs differ in {}. A difference between their accuracies may come from that alone.</p>",
                keys);
    }

    private SafeHtml results(SequencedMap<String, Recipe> runs) {
        Map<Boolean, List<String>> byEvaluation = runs.sequencedKeySet().stream()
                .collect(Collectors.partitioningBy(
                        run -> Files.isDirectory(folder.run(run).evaluation())));
        List<String> without = byEvaluation.getOrDefault(false, List.of());
        return SafeHtml.of(
                "{}{}",
                SafeHtml.when(!without.isEmpty(), "<p>Without an evaluation: {}.</p>", String.join(", ", without)),
                evaluated(byEvaluation.getOrDefault(true, List.of())));
    }

    private SafeHtml evaluated(List<String> runs) {
        if (runs.isEmpty()) {
            return SafeHtml.NONE;
        }
        try {
            return SafeHtml.written(ComparisonPage.sections(RunComparison.of(
                    runs.stream().map(run -> folder.run(run).root()).toList(), List.of(), List.of(), "", List.of())));
        } catch (InputException e) {
            return SafeHtml.of("<p class=\"none\">{}</p>", String.valueOf(e.getMessage()));
        }
    }

    private SafeHtml curves(SequencedMap<String, Recipe> runs) {
        Map<String, List<String>> byStage = new TreeMap<>();
        Map<String, Set<String>> metrics = new TreeMap<>();
        runs.forEach((name, recipe) -> {
            RunDirectory run = folder.run(name);
            for (String stage : Curves.begun(recipe, run)) {
                byStage.computeIfAbsent(stage, _ -> new ArrayList<>()).add(name + "/" + stage);
                metrics.computeIfAbsent(stage, _ -> new LinkedHashSet<>())
                        .addAll(StageMetrics.of(run.metrics(stage)).keySet());
            }
        });
        return SafeHtml.of(
                "{}{}",
                byStage.isEmpty() ? SafeHtml.NONE : Plots.controls(),
                byStage.entrySet().stream()
                        .map(e -> SafeHtml.of(
                                "<h2>{}</h2>{}",
                                e.getKey(),
                                Plots.of(Plot.of(metrics.getOrDefault(e.getKey(), Set.of())), e.getValue())))
                        .toList());
    }
}
