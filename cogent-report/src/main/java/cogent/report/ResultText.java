package cogent.report;

import cogent.data.Count;
import cogent.data.Difficulty;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.result.AuthorResult;
import cogent.pipeline.result.BenchmarkResult;
import cogent.pipeline.result.CurateResult;
import cogent.pipeline.result.EvaluateResult;
import cogent.pipeline.result.OnPolicyResult;
import cogent.pipeline.result.Overlap;
import cogent.pipeline.result.PlaygroundResult;
import cogent.pipeline.result.RawRowsResult;
import cogent.pipeline.result.SelectResult;
import cogent.pipeline.result.StageResult;
import cogent.pipeline.result.TrainResult;
import cogent.pipeline.run.ModelNames;
import cogent.pipeline.run.RunDirectory;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What stages came to, a line each, for people. */
public record ResultText(ModelNames names, RunDirectory run) {
    public static ResultText of(Recipe recipe, RunDirectory run) {
        return new ResultText(ModelNames.of(recipe), run);
    }

    public String of(String stage, StageResult result) {
        return switch (result) {
            case PlaygroundResult made ->
                "%s, 3 kinds of rationale; %,d held out%s"
                        .formatted(
                                Count.of(made.problems(), "problem"),
                                made.heldOut(),
                                made.parameters() == 0
                                        ? ""
                                        : "; a student of %.1f M parameters".formatted(made.parameters() / 1e6));
            case RawRowsResult raw -> Count.of(raw.rows(), "row") + " of the corpus as it is";
            case AuthorResult author -> author(author);
            case SelectResult select ->
                "%,d of %s, median rank-surprisal ratio %.2f%s"
                        .formatted(
                                select.kept(),
                                Count.of(select.rows(), "row"),
                                select.ratio(),
                                select.impossible() == 0
                                        ? ""
                                        : ", %,d impossible to the student".formatted(select.impossible()));
            case CurateResult curate -> curate(curate);
            case TrainResult train -> train(stage, train);
            case OnPolicyResult answers -> onPolicy(answers);
            case EvaluateResult evaluate -> evaluate(evaluate);
        };
    }

    private static String author(AuthorResult author) {
        long refused = author.missing() - author.written();
        return author.missing() == 0
                ? "no rationale is missing"
                : "%s missing: %,d written%s; %s"
                        .formatted(
                                Count.of(author.missing(), "rationale"),
                                author.written(),
                                refused == 0 ? "" : ", %,d refused".formatted(refused),
                                UsageText.of(author.calls()));
    }

    private String curate(CurateResult curate) {
        return "%s: %s; %s (%,d rewritten), %s, %,d refused%s%s; %s"
                .formatted(
                        Count.of(curate.curation().samples(), "sample"),
                        labels(curate.curation().labels()),
                        Count.of(curate.rows(), "row"),
                        curate.rewritten(),
                        Count.of(curate.pairs(), "pair"),
                        curate.refused(),
                        curate.refused() == 0 ? "" : " (see " + run.refused() + ")",
                        curate.unanswered() == 0 ? "" : ", %,d of them got no answer".formatted(curate.unanswered()),
                        UsageText.of(curate.calls()));
    }

    private static String labels(Map<Difficulty, Long> labels) {
        return labels.isEmpty()
                ? "none labelled"
                : labels.entrySet().stream()
                        .map(e -> "%,d %s"
                                .formatted(e.getValue(), e.getKey().name().toLowerCase(Locale.ROOT)))
                        .collect(Collectors.joining(", "));
    }

    private String train(String stage, TrainResult train) {
        StringBuilder line =
                new StringBuilder(Count.of(train.steps(), "step") + " on " + Count.of(train.rows(), "row"));
        if (train.refused() > 0) {
            line.append(", %s left out (%,d too long; see %s)"
                    .formatted(
                            Count.of(train.refused(), "row"),
                            train.tooLong(),
                            run.refused(stage).getFileName()));
        }
        if (train.truncated() > 0) {
            line.append(", %s cut".formatted(Count.of(train.truncated(), "row")));
        }
        if (train.skipped() > 0) {
            line.append(", %s skipped: not finite".formatted(Count.of(train.skipped(), "step")));
        }
        line.append(", loss %.4f".formatted(train.loss()));
        if (train.keptUpdates() != null) {
            line.append(", saved in %s: the student's own type keeps %.0f %% of the updates"
                    .formatted(train.savedIn(), 100 * train.keptUpdates()));
        }
        if (train.bestStep() != null) {
            line.append(", saved as of step %,d, the best held-out one".formatted(train.bestStep()));
        }
        return line.toString();
    }

    private static String onPolicy(OnPolicyResult answers) {
        return "%s to training problems, %.1f %% correct; %s against mistakes on %s%s"
                .formatted(
                        Count.of(answers.answers(), "answer"),
                        100.0 * answers.right() / Math.max(1, answers.answers()),
                        Count.of(answers.pairs(), "pair"),
                        Count.of(answers.problems(), "problem"),
                        answers.unfit() == 0 ? "" : ", %,d unfit as a rejected side".formatted(answers.unfit()));
    }

    /** Such as {@code raw SFT 28.4 %, CRV 91.0 %}. */
    public String evaluate(EvaluateResult evaluate) {
        boolean one = evaluate.benchmarks().size() == 1;
        return evaluate.benchmarks().stream()
                .flatMap(benchmark -> benchmark.models().stream()
                        .map(model -> (one ? "" : benchmark.name() + " ")
                                + "%s %.1f %%".formatted(names.of(model.model()), 100 * model.accuracy())))
                .collect(Collectors.joining(", "));
    }

    /** What the training has seen of the benchmark; empty when nothing was found. */
    public static String overlap(BenchmarkResult benchmark) {
        Overlap overlap = benchmark.overlap();
        return overlap == null
                ? ""
                : "%s of the training corpus %s a problem of this benchmark, such as %s"
                        .formatted(
                                Count.of(overlap.rows(), "row"),
                                overlap.rows() == 1 ? "holds" : "hold",
                                String.join(", ", overlap.examples()));
    }
}
