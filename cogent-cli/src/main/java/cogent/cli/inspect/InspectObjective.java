package cogent.cli.inspect;

import cogent.cli.command.JsonRows;
import cogent.data.Gap;
import cogent.data.InputException;
import cogent.model.decoder.LanguageModel;
import cogent.pipeline.recipe.AlignConfig;
import cogent.pipeline.recipe.RecipeReader;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.train.Encodings;
import cogent.pipeline.train.Objectives;
import cogent.pipeline.train.Trainings;
import cogent.train.loop.AlignData;
import cogent.train.loop.ObjectiveReport;
import cogent.train.objective.Objective;
import cogent.train.objective.PairLogps;
import cogent.train.objective.PairLoss;
import cogent.train.rows.PairExample;
import cogent.train.rows.RowReader;
import cogent.train.rows.TrainingRows;
import cogent.train.state.ReferenceLogps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/** {@code cogent inspect objective}: what the first step of an alignment would see. */
@Command(
        name = "objective",
        mixinStandardHelpOptions = true,
        description = {
            "what a step of preference training would see, as one JSON object",
            "pairs {\"prompt_ids\", \"chosen_ids\", \"rejected_ids\", \"beta\"} (or the same as text) → one JSON object:",
            "log-probs of policy and reference, losses, rewards, margins, mean loss and gradient norms"
        })
final class InspectObjective implements Runnable {
    private static final int TOKENS_AT_ONCE = 8192;

    @Spec
    private CommandSpec spec;

    @Option(names = "--policy", required = true, paramLabel = "DIR", description = "the model to be trained")
    private Path policy;

    @Option(names = "--reference", paramLabel = "DIR", description = "the frozen reference; not for simpo, orpo, cpo")
    private @Nullable Path reference;

    @Option(
            names = "--objective",
            defaultValue = "cogpo",
            description = "cogpo, dpo, beta-dpo, madpo, dpop, ipo, hinge, sppo, kto, simpo, orpo, cpo (default: cogpo)")
    private String objective;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "any of a recipe's keys under align, e.g. align.label_smoothing=0.1")
    private List<String> sets = List.of();

    @Option(names = "--beta", description = "one beta for all pairs, in place of their own")
    private @Nullable Double beta;

    @Option(names = "--input", required = true, paramLabel = "FILE", description = "JSON Lines of pairs")
    private Path input;

    @Override
    public void run() {
        AlignConfig align = align();
        Objective formula = Objectives.of(align);
        try (LanguageModel model = LanguageModel.load(policy);
                TrainingRows<PairExample> pairs = pairs(model, align)) {
            ObjectiveReport report = ObjectiveReport.of(
                    model,
                    data(pairs, formula),
                    formula,
                    Objectives.nll(align),
                    align.training().microBatchTokens());
            spec.commandLine().getOut().println(json(report, formula));
        }
    }

    /** What a recipe would say. */
    private AlignConfig align() {
        if (!AlignConfig.OBJECTIVES.contains(objective)) {
            throw new InputException(
                    "--objective " + objective + ": there are " + String.join(", ", AlignConfig.OBJECTIVES));
        }
        List<String> all = new ArrayList<>(List.of("align.objective=" + objective));
        if (beta != null) {
            all.add("align.beta=" + beta);
        }
        all.addAll(sets);
        return RecipeReader.defaults(all).align();
    }

    private AlignData data(TrainingRows<PairExample> pairs, Objective formula) {
        if (!formula.usesReference()) {
            return new AlignData(pairs, ReferenceLogps.none());
        }
        if (reference == null) {
            throw new InputException("--reference is missing: " + objective + " compares the policy with a reference");
        }
        try (LanguageModel model = LanguageModel.load(reference)) {
            Path scratch = Files.createTempDirectory("cogent-reference");
            try {
                return AlignData.of(model, pairs, formula, TOKENS_AT_ONCE, scratch);
            } finally {
                RunDirectory.delete(scratch);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no room for temporary files", e);
        }
    }

    /** The rows as training would read them; one that it would refuse ends the command, or the answers would shift. */
    private TrainingRows<PairExample> pairs(LanguageModel model, AlignConfig align) {
        try (Encodings encodings = Encodings.of(policy, model, Map.of())) {
            TrainingRows<PairExample> pairs = RowReader.of(
                            model.config(),
                            encodings.encoding(),
                            Trainings.limit(align.training()),
                            Path.of(System.getProperty("java.io.tmpdir")))
                    .pairs(
                            List.of(input),
                            Objectives.betas(align),
                            Objectives.weights(align),
                            EnumSet.allOf(Gap.class),
                            row -> {
                                throw new InputException(input + ": line " + row.line() + ": " + row.reason());
                            });
            if (pairs.isEmpty()) {
                pairs.close();
                throw new InputException(input + ": no rows");
            }
            return pairs;
        }
    }

    private ObjectNode json(ObjectiveReport report, Objective formula) {
        ObjectNode json = JsonRows.JSON.createObjectNode().put("objective", objective);
        logps(json, "betas", report, PairLogps::beta);
        logps(json, "policy_chosen_logps", report, PairLogps::chosen);
        logps(json, "policy_rejected_logps", report, PairLogps::rejected);
        if (formula.usesReference()) {
            logps(json, "reference_chosen_logps", report, PairLogps::refChosen);
            logps(json, "reference_rejected_logps", report, PairLogps::refRejected);
        }
        if (formula.usesKl()) {
            json.put("kl", report.logps().getFirst().kl());
        }
        losses(json, "losses", report, PairLoss::loss);
        losses(json, "chosen_rewards", report, PairLoss::chosenReward);
        losses(json, "rejected_rewards", report, PairLoss::rejectedReward);
        losses(json, "margins", report, PairLoss::margin);
        json.put("mean_loss", report.meanLoss());
        json.put("grad_global_norm", report.gradGlobalNorm());
        json.set("grad_norms", JsonRows.JSON.valueToTree(report.gradNorms()));
        return json;
    }

    private static void logps(ObjectNode json, String name, ObjectiveReport report, ToDoubleFunction<PairLogps> value) {
        json.set(
                name,
                JsonRows.JSON.valueToTree(
                        report.logps().stream().mapToDouble(value).toArray()));
    }

    private static void losses(ObjectNode json, String name, ObjectiveReport report, ToDoubleFunction<PairLoss> value) {
        json.set(
                name,
                JsonRows.JSON.valueToTree(
                        report.losses().stream().mapToDouble(value).toArray()));
    }
}
