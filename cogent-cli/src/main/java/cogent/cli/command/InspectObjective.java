package cogent.cli.command;

import cogent.cli.run.Objectives;
import cogent.data.InputException;
import cogent.model.LanguageModel;
import cogent.model.Tokenizer;
import cogent.train.ObjectiveReport;
import cogent.train.PairExample;
import cogent.train.ReferenceLogps;
import cogent.train.objective.ChosenNll;
import cogent.train.objective.Objective;
import cogent.train.objective.PairLogps;
import cogent.train.objective.PairLoss;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code cogent inspect objective}: what the first step of an alignment would see. */
@Command(
        name = "objective",
        mixinStandardHelpOptions = true,
        description = {
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
            description = "cogpo, ipo, hinge, simpo, orpo, cpo (default: cogpo)")
    private String objective;

    @Option(names = "--beta", description = "one beta for all pairs, in place of their own")
    private @Nullable Double beta;

    @Option(names = "--input", required = true, paramLabel = "FILE", description = "JSON Lines of pairs")
    private Path input;

    @Override
    public void run() {
        Objective formula = Objectives.of(objective, beta, 0, 0.5);
        try (LanguageModel model = LanguageModel.load(policy);
                Prompts prompts = new Prompts(policy, model)) {
            List<PairExample> pairs = pairs(prompts);
            ReferenceLogps known = formula.usesReference() ? reference(pairs) : ReferenceLogps.none();
            ObjectiveReport report = ObjectiveReport.of(model, known, pairs, formula, ChosenNll.NONE, TOKENS_AT_ONCE);
            spec.commandLine().getOut().println(json(report, formula));
        }
    }

    private ReferenceLogps reference(List<PairExample> pairs) {
        if (reference == null) {
            throw new InputException("--reference is missing: " + objective + " compares the policy with a reference");
        }
        try (LanguageModel model = LanguageModel.load(reference)) {
            Path scratch = Files.createTempDirectory("cogent-reference");
            try {
                return ReferenceLogps.of(model, pairs, TOKENS_AT_ONCE, scratch, () -> false, _ -> {})
                        .orElseThrow();
            } finally {
                try (var files = Files.list(scratch)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(scratch);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no room for temporary files", e);
        }
    }

    private List<PairExample> pairs(Prompts prompts) {
        try {
            List<String> lines =
                    Files.readAllLines(input).stream().filter(l -> !l.isBlank()).toList();
            return IntStream.range(0, lines.size())
                    .mapToObj(i -> pair(prompts, lines.get(i), i + 1))
                    .toList();
        } catch (IOException e) {
            throw new InputException(input + ": cannot be read (" + InputException.reason(e) + ")", e);
        }
    }

    private PairExample pair(Prompts prompts, String line, int number) {
        try {
            if (!(JsonRows.JSON.readTree(line) instanceof ObjectNode row)) {
                throw new InputException("not a JSON object");
            }
            JsonNode own = row.path("beta");
            if (beta == null && !own.isNumber()) {
                throw new InputException("no number in \"beta\"; give --beta for all");
            }
            return new PairExample(
                    "line " + number,
                    prompts.ids(row, "prompt", Tokenizer::encodeWithSpecialTokens),
                    prompts.ids(row, "chosen", Tokenizer::encode),
                    prompts.ids(row, "rejected", Tokenizer::encode),
                    beta == null ? own.asDouble() : beta,
                    null);
        } catch (JacksonException | InputException e) {
            throw new InputException(input + ": line " + number + ": " + e.getMessage(), e);
        }
    }

    private static ObjectNode json(ObjectiveReport report, Objective objective) {
        ObjectNode json = JsonRows.JSON.createObjectNode();
        logps(json, "policy_chosen_logps", report, PairLogps::chosen);
        logps(json, "policy_rejected_logps", report, PairLogps::rejected);
        if (objective.usesReference()) {
            logps(json, "reference_chosen_logps", report, PairLogps::refChosen);
            logps(json, "reference_rejected_logps", report, PairLogps::refRejected);
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
