package cogent.pipeline;

import cogent.data.Count;
import cogent.pipeline.curate.Teachers;
import cogent.pipeline.keys.RecordJson;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.result.BenchmarkResult;
import cogent.pipeline.result.EvaluateResult;
import cogent.pipeline.result.ModelScores;
import cogent.pipeline.result.TrainResult;
import cogent.pipeline.run.ModelNames;
import cogent.pipeline.run.Version;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The card of a trained model in the form of the Hugging Face hub: front matter for machines, then what a reader wants to
 * know before using it.
 *
 * @param model its name in recipes: {@code raw}, {@code sft} or {@code aligned}
 * @param adapter whether the folder holds the adapter alone
 * @param evaluation the run's; empty before it is done
 */
record ModelCard(
        Recipe recipe,
        BaseModel base,
        String model,
        boolean adapter,
        TrainResult trained,
        Optional<EvaluateResult> evaluation) {
    String text() {
        return frontMatter() + """

                # %s: %s

                Made by Cogent %s.

                ## Data and method

                %s

                ## Settings

                ```yaml
                %s
                ```

                ## Results

                %s
                """.formatted(recipe.name(), called(), Version.NUMBER, method(), settings(), results());
    }

    private String called() {
        return ModelNames.of(recipe).of(model) + (adapter ? " (LoRA adapter)" : "");
    }

    private String frontMatter() {
        StringBuilder yaml = new StringBuilder("---\n");
        base.license()
                .ifPresent(license -> yaml.append("license: ").append(license).append('\n'));
        base.name()
                .ifPresent(name -> yaml.append("base_model: ")
                        .append(quoted(name))
                        .append("\nbase_model_relation: ")
                        .append(adapter ? "adapter" : "finetune")
                        .append('\n'));
        yaml.append("library_name: ").append(adapter ? "peft" : "transformers").append('\n');
        yaml.append("pipeline_tag: text-generation\ntags:\n- cogent\n- reasoning\n- sft\n");
        if (model.equals(ModelNames.ALIGNED)) {
            yaml.append("- preference-alignment\n- ")
                    .append(recipe.align().objective())
                    .append('\n');
        }
        if (model.equals(ModelNames.DISTILLED)) {
            yaml.append("- distillation\n");
        }
        return yaml.append("---\n").toString();
    }

    private String method() {
        String from = base.name().map(name -> "`" + name + "`").orElse("a student from scratch");
        String rows = Count.of(trained.rows(), model.equals(ModelNames.ALIGNED) ? "pair" : "row");
        String steps = Count.of(trained.steps(), "step");
        return switch (model) {
            case "raw" ->
                "The baseline: supervised fine-tuning of %s on the rationales of %s as they are, %s in %s."
                        .formatted(from, corpus(), rows, steps);
            case "sft" -> fineTuning(from) + " %s in %s.".formatted(rows, steps);
            case ModelNames.DISTILLED ->
                "%s\n\n[On-policy distillation](https://arxiv.org/abs/2306.13649): in %s the model came closer to `%s` on its own replies."
                        .formatted(
                                recipe.fineTunes() ? fineTuning(from) : "Starts from " + from + ".",
                                steps,
                                fileName(String.valueOf(recipe.distil().teacher())));
            default ->
                "%s\n\nPreference alignment by %s (`%s`) on %s in %s. %s"
                        .formatted(
                                recipe.fineTunes() ? fineTuning(from) : "Starts from " + from + ".",
                                called().replaceFirst(".* \\+ ", ""),
                                recipe.align().objective(),
                                rows,
                                steps,
                                recipe.align().rows() == null
                                        ? "The sides of a pair lie a small, a medium or a large gap apart, as in"
                                                + " [CRV + CogPO](https://arxiv.org/abs/2504.09802)."
                                        : "The pairs are those of `"
                                                + fileName(recipe.align().rows()) + "`.");
        };
    }

    private String fineTuning(String from) {
        String own = recipe.sft().rows();
        return own == null
                ? "Supervised fine-tuning of %s on rationales of %s that went through critique, rethinking and verification (%s)."
                        .formatted(from, corpus(), Teachers.described(recipe))
                : "Supervised fine-tuning of %s on the rows of `%s`.".formatted(from, fileName(own));
    }

    private String corpus() {
        String path = recipe.corpus().path();
        return path == null
                ? "a corpus"
                : path.equals(Recipe.PLAYGROUND) ? "the built-in arithmetic world" : "`" + fileName(path) + "`";
    }

    private static String fileName(String path) {
        return String.valueOf(Path.of(path).getFileName());
    }

    /** What the result depends on in the section of the recipe, a key a line; JSON is YAML. */
    private String settings() {
        return RecordJson.identity(
                        switch (model) {
                            case ModelNames.ALIGNED -> recipe.align();
                            case ModelNames.DISTILLED -> recipe.distil();
                            default -> recipe.sft();
                        })
                .properties()
                .stream()
                .map(setting -> setting.getKey() + ": " + setting.getValue())
                .collect(Collectors.joining("\n"));
    }

    private String results() {
        String rows = evaluation.map(EvaluateResult::benchmarks).orElse(List.of()).stream()
                .flatMap(benchmark -> benchmark.models().stream()
                        .filter(scores -> scores.model().equals(model))
                        .map(scores -> row(benchmark, scores)))
                .collect(Collectors.joining());
        return rows.isEmpty()
                ? "Not evaluated yet."
                : "| benchmark | decoding | correct | 95 % interval | n |\n|---|---|---|---|---|\n"
                        + rows.stripTrailing();
    }

    private static String row(BenchmarkResult benchmark, ModelScores scores) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %.1f %% | %.1f – %.1f | %d |\n",
                benchmark.title(),
                benchmark.decoding(),
                100 * scores.accuracy(),
                100 * scores.interval().low(),
                100 * scores.interval().high(),
                scores.n());
    }

    private static String quoted(String text) {
        return text.matches("[\\w./-]+")
                ? text
                : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
