package cogent.studio.run;

import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.result.BenchmarkResult;
import cogent.pipeline.result.EvaluateResult;
import cogent.pipeline.result.ModelScores;
import cogent.pipeline.run.ModelNames;
import cogent.studio.html.SafeHtml;
import java.util.List;
import java.util.Locale;

/** What an evaluation came to, at a glance: every model's accuracy with its interval, and how much of it was cut off. */
public final class Headline {
    private Headline() {}

    public static SafeHtml of(Recipe recipe, EvaluateResult result) {
        return SafeHtml.of(
                "{}",
                result.benchmarks().stream()
                        .map(benchmark -> benchmark(ModelNames.of(recipe), benchmark))
                        .toList());
    }

    private static SafeHtml benchmark(ModelNames names, BenchmarkResult benchmark) {
        List<SafeHtml> tiles = benchmark.models().stream()
                .map(model -> SafeHtml.of(
                        "<li><span>{}</span><b>{} %</b><span>95 %: {} – {}</span>{}</li>",
                        names.of(model.model()),
                        percent(model.accuracy()),
                        percent(model.interval().low()),
                        percent(model.interval().high()),
                        SafeHtml.when(
                                model.truncated() > 0,
                                "<span class=\"wrong\">{} % cut off</span>",
                                percent(cutOff(model)))))
                .toList();
        return SafeHtml.of(
                "<section class=\"headline\"><h2>{}</h2><ul class=\"tiles\">{}</ul></section>",
                benchmark.title(),
                tiles);
    }

    /** The share of answers that the token limit ended. */
    public static double cutOff(ModelScores model) {
        return model.n() == 0 ? 0 : (double) model.truncated() / model.n();
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f", 100 * share);
    }
}
