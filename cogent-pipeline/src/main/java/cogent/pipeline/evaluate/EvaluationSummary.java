package cogent.pipeline.evaluate;

import cogent.eval.Benchmark;
import cogent.eval.Comparison;
import cogent.eval.Scores;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.ModelNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The numbers of an evaluation, as the manifest keeps them for the terminal and the report. */
final class EvaluationSummary {
    private EvaluationSummary() {}

    /**
     * @param all by benchmark, then by model, each in the order of the recipe
     * @param overlaps of benchmarks with the training corpus
     * @param names what the models are called
     * @param settings what the recipe asks of the drawing beyond the benchmark's own
     */
    static JsonNode of(
            Map<Benchmark, Map<String, Scores>> all,
            Map<Benchmark, Overlap> overlaps,
            ModelNames names,
            Recipe.Evaluate settings) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        ArrayNode benchmarks = json.putArray("benchmarks");
        List<String> lines = new ArrayList<>();
        all.forEach((benchmark, byModel) -> {
            ObjectNode entry = benchmarks.addObject();
            entry.put("name", benchmark.name()).put("title", benchmark.title());
            entry.put("decoding", decoding(benchmark) + settings.filters());
            ArrayNode models = entry.putArray("models");
            byModel.forEach((model, scores) -> {
                models.add(scores(model, scores, benchmark.code() == null));
                lines.add((all.size() == 1 ? "" : benchmark.name() + " ")
                        + "%s %.1f %%".formatted(names.of(model), 100 * scores.accuracy()));
            });
            compare(entry.putArray("comparisons"), byModel);
            Overlap overlap = overlaps.get(benchmark);
            if (overlap != null) {
                entry.set("overlap", JsonMapper.shared().valueToTree(overlap));
            }
        });
        return json.put("line", String.join(", ", lines));
    }

    static String decoding(Benchmark benchmark) {
        String how = benchmark.temperature() == 0
                ? "greedy"
                : "temperature %s, top-p %s".formatted(benchmark.temperature(), benchmark.topP());
        return benchmark.samples() == 1 ? how : how + ", " + benchmark.samples() + " samples";
    }

    private static ObjectNode scores(String model, Scores scores, boolean votes) {
        ObjectNode json = JsonMapper.shared()
                .createObjectNode()
                .put("model", model)
                .put("correct", scores.right())
                .put("n", scores.samples())
                .put("problems", scores.problems().size())
                .put("accuracy", scores.accuracy())
                .put("low", scores.interval().low())
                .put("high", scores.interval().high())
                .put("mean_tokens", scores.meanTokens())
                .put("truncated", scores.truncated())
                .put("failed", scores.failed())
                .put("unparsed", scores.unstated())
                .put("undecided", scores.undecided());
        int samples = scores.samplesEach();
        if (samples > 1) {
            json.put("samples", samples).put("pass_at_n", scores.passAt(samples));
            if (votes) { // programs are not compared with each other
                json.put("majority", scores.majority());
            }
        }
        return json;
    }

    /** Every model against the first, and every one against the one before it. */
    private static void compare(ArrayNode comparisons, Map<String, Scores> byModel) {
        List<String> models = List.copyOf(byModel.keySet());
        for (int i = 1; i < models.size(); i++) {
            comparisons.add(comparison(models.get(i), models.getFirst(), byModel));
            if (i > 1) {
                comparisons.add(comparison(models.get(i), models.get(i - 1), byModel));
            }
        }
    }

    private static ObjectNode comparison(String model, String baseline, Map<String, Scores> byModel) {
        Comparison c = Comparison.of(
                Objects.requireNonNull(byModel.get(model)), Objects.requireNonNull(byModel.get(baseline)));
        return JsonMapper.shared()
                .createObjectNode()
                .put("model", model)
                .put("baseline", baseline)
                .put("difference", c.difference())
                .put("low", c.interval().low())
                .put("high", c.interval().high())
                .put("p", c.pValue())
                .put("gained", c.gained())
                .put("lost", c.lost())
                .put("n", c.n());
    }
}
