package cogent.pipeline.plan;

import cogent.eval.ResultRow;
import cogent.model.text.Tokenizer;
import cogent.pipeline.evaluate.EvaluateStage;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Students;
import cogent.pipeline.train.Encodings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * How long replies will be, as far as that is known: what the same model answered before in this run, else what the student says in a
 * trial, as it comes, or for trained models the rationales that they learn from.
 *
 * @param problems some, as the student is asked them, where a benchmark's own are not there yet
 * @param raw the rationales as they are
 * @param curated those that are trained on
 */
record ReplyLengths(
        Recipe recipe,
        RunDirectory run,
        Supplier<List<String>> problems,
        Supplier<Lengths> raw,
        Supplier<Lengths> curated,
        Trial trial) {
    /** Problems that are asked in a trial. */
    private static final int ASKED = 8;

    Lengths trained() {
        return curated.get();
    }

    /** Of a model on a benchmark. */
    Lengths of(EvaluateStage stage, String benchmark, String model) {
        Path before = stage.benchmarks().results(stage.benchmarks().of(benchmark), model);
        if (Files.exists(before)) {
            IntStream.Builder tokens = IntStream.builder();
            ResultRow.forEach(before, row -> tokens.add((int) row.completionTokens()));
            int[] all = tokens.build().filter(n -> n > 0).toArray();
            if (all.length > 0) {
                return new Lengths(all);
            }
        }
        return switch (model) {
            case "raw" -> raw.get();
            case "base" -> base(stage, benchmark);
            default -> curated.get();
        };
    }

    /** Mean tokens of the prompts of a benchmark. */
    double prompt(EvaluateStage stage, String benchmark) {
        return encoded(stage, benchmark, 50).stream()
                .mapToInt(ids -> ids.length)
                .average()
                .orElse(1);
    }

    private Lengths base(EvaluateStage stage, String benchmark) {
        int most = stage.benchmarks().of(benchmark).maxNewTokens();
        try (Students.Directory student = Students.readable(recipe, run);
                Tokenizer tokenizer = Tokenizer.load(student.path())) {
            return trial.replies(
                            encoded(stage, benchmark, ASKED),
                            most,
                            Students.format(recipe, tokenizer).stopIds())
                    .orElseGet(raw);
        }
    }

    private List<int[]> encoded(EvaluateStage stage, String benchmark, int count) {
        List<String> prompts = new ArrayList<>();
        if (Files.exists(stage.benchmarks().data(benchmark))) {
            stage.benchmarks().questions(benchmark).stream()
                    .limit(count)
                    .forEach(question -> prompts.add(question.prompt()));
        } else {
            problems.get().stream()
                    .limit(count)
                    .map(problem -> stage.benchmarks().of(benchmark).prompt().replace("{problem}", problem))
                    .forEach(prompts::add);
        }
        try (Students.Directory student = Students.readable(recipe, run);
                Encodings encodings =
                        Encodings.of(student.path(), recipe.student().chatTemplateKwargs())) {
            return prompts.stream().map(encodings.encoding()::prompt).toList();
        }
    }
}
