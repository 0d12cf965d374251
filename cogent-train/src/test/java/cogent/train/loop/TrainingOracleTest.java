package cogent.train.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cogent.model.decoder.LanguageModel;
import cogent.model.hf.Safetensors;
import cogent.model.tensor.Foreach;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.train.Oracle;
import cogent.train.Tiny;
import cogent.train.forward.CompletionPass;
import cogent.train.forward.PackedRows;
import cogent.train.forward.Scoring;
import cogent.train.forward.TrainableModel;
import cogent.train.objective.ChosenNll;
import cogent.train.objective.CogPo;
import cogent.train.objective.Objective;
import cogent.train.objective.Orpo;
import cogent.train.objective.PairLogps;
import cogent.train.objective.PairLoss;
import cogent.train.objective.SimPo;
import cogent.train.optim.OptimiserSettings;
import cogent.train.optim.Schedule;
import cogent.train.rows.BatchSize;
import cogent.train.rows.Example;
import cogent.train.rows.PairExample;
import cogent.train.state.ReferenceLogps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Whole training steps against values that transformers, TRL and torch's AdamW computed; see tools/oracles/training.py. */
class TrainingOracleTest {
    private static final OptimiserSettings ADAMW =
            new OptimiserSettings(1e-3, Schedule.CONSTANT, 0, 0.1, 0.9, 0.95, 1e-8, 1, 0.1, List.of());

    @TempDir
    Path folder;

    /** All that there are: one without an entry in sft.json has not been asked for. */
    static List<String> language_models() throws IOException {
        try (Stream<Path> families = Files.list(Oracle.family(""))) {
            return families.map(family -> family.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("language_models")
    void sft_gradients_and_three_steps(String fixture) throws IOException {
        Path directory = Oracle.family(fixture);
        JsonNode json = Oracle.json(directory.resolve("expected.json"));
        JsonNode expected = json.get("expected");
        JsonNode trained = Oracle.json(Oracle.of("sft.json")).get(fixture);
        Safetensors tensors = Safetensors.open(directory.resolve("expected.safetensors"));
        List<Example> rows = examples(json.get("inputs"));
        try (LanguageModel model = LanguageModel.load(directory)) {
            TrainableModel all = TrainableModel.all(model);
            all.gradientsOn();
            all.clearGradients();
            PackedRows packed = PackedRows.of(rows);
            try (Scope _ = Scope.open()) {
                float[] weights = new float[packed.targets().length];
                Arrays.fill(weights, -1f / weights.length);
                float[] logps = new CompletionPass(model.decoder(), packed, 0)
                        .backward(weights)
                        .logps();
                List<Double> known = new ArrayList<>();
                trained.get("completion_token_logprobs").forEach(row -> row.forEach(v -> known.add(v.asDouble())));
                for (int i = 0; i < logps.length; i++) {
                    assertThat((double) logps[i]).isCloseTo(known.get(i), within(1e-4));
                }
                checkGradients(model, expected, tensors);
            }
            all.gradientsOff();

            Map<String, float[]> before = Tiny.values(model);
            Sft.train(model, rows, settings(3, 3), files(), () -> false, _ -> {});
            List<JsonNode> lines = metrics();
            double[] losses = Oracle.doubles(expected.get("adamw3").get("losses_before_step_1_2_3_and_after_3"));
            double[] norms = Oracle.doubles(expected.get("adamw3").get("grad_global_norms_before_clipping"));
            for (int step = 0; step < 3; step++) {
                assertThat(lines.get(step).get("loss").asDouble()).isCloseTo(losses[step], within(1e-4));
                assertThat(lines.get(step).get("grad_norm").asDouble())
                        .isCloseTo(norms[step], within(1e-5 + 1e-4 * norms[step]));
            }
            double after = -packed(model, rows) / packed.targets().length;
            assertThat(after).isCloseTo(losses[3], within(1e-4));
            checkWeights(model, before, trained, tensors, "adamw3.");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cogpo-qwen2", "cogpo-qwen3"})
    void cogpo_losses_rewards_gradients_and_two_steps(String fixture) throws IOException {
        Path directory = Oracle.of(fixture);
        JsonNode about = Oracle.json(directory.resolve("pairs.json"));
        JsonNode expected = Oracle.json(directory.resolve("expected.json")).get("expected");
        Safetensors tensors = Safetensors.open(directory.resolve("expected.safetensors"));
        List<PairExample> pairs = pairs(about);
        ReferenceLogps reference;
        try (LanguageModel model = LanguageModel.load(directory.resolve("ref"))) {
            reference = ReferenceLogps.of(model, pairs, 1000, folder.resolve("ref"), () -> false, _ -> {})
                    .orElseThrow();
        }
        try (LanguageModel policy =
                LanguageModel.load(Oracle.family(about.get("policy").asString()))) {
            // two parts, so that accumulation is under test as well
            ObjectiveReport report =
                    ObjectiveReport.of(policy, new AlignData(pairs, reference), new CogPo(), ChosenNll.NONE, 80);
            checkReport(report, expected);
            global(policy, reference, pairs, new SimPo(2, 0.5), 0, expected, "simpo_gamma_0.5@2.0");
            global(policy, reference, pairs, new CogPo(), 1, expected, "rpo_alpha_1.0_batch_token_nll@pair");
            global(policy, reference, pairs, new Orpo(0.1), 1, expected, "orpo_completion_nll@0.1");

            Map<String, float[]> before = Tiny.values(policy);
            AlignSettings settings = AlignSettings.cogPo().withTrain(settings(2, 6));
            Align.train(policy, reference, pairs, settings, files(), () -> false, _ -> {});
            JsonNode adamw2 = expected.get("adamw2");
            double[] losses = Oracle.doubles(adamw2.get("losses_before_step_1_2_and_after_2"));
            double[] norms = Oracle.doubles(adamw2.get("grad_global_norms_before_clipping"));
            List<JsonNode> lines = metrics();
            for (int step = 0; step < 2; step++) {
                assertThat(lines.get(step).get("loss").asDouble()).isCloseTo(losses[step], within(1e-4));
                assertThat(lines.get(step).get("grad_norm").asDouble())
                        .isCloseTo(norms[step], within(1e-4 + 1e-4 * norms[step]));
            }
            assertThat(ObjectiveReport.of(policy, new AlignData(pairs, reference), new CogPo(), ChosenNll.NONE, 1000)
                            .meanLoss())
                    .isCloseTo(losses[2], within(1e-4));
            checkWeights(policy, before, adamw2, tensors, "adamw2.");
        }
    }

    private static void checkReport(ObjectiveReport report, JsonNode expected) {
        JsonNode cogpo = expected.get("cogpo");
        near(
                report.logps().stream().mapToDouble(PairLogps::chosen).toArray(),
                expected.get("policy_logps").get("chosen"));
        near(
                report.logps().stream().mapToDouble(PairLogps::rejected).toArray(),
                expected.get("policy_logps").get("rejected"));
        near(
                report.logps().stream().mapToDouble(PairLogps::refChosen).toArray(),
                expected.get("ref_logps").get("chosen"));
        near(
                report.logps().stream().mapToDouble(PairLogps::refRejected).toArray(),
                expected.get("ref_logps").get("rejected"));
        near(report.losses().stream().mapToDouble(PairLoss::loss).toArray(), cogpo.get("per_pair_loss"));
        near(report.losses().stream().mapToDouble(PairLoss::chosenReward).toArray(), cogpo.get("chosen_rewards"));
        near(report.losses().stream().mapToDouble(PairLoss::rejectedReward).toArray(), cogpo.get("rejected_rewards"));
        near(report.losses().stream().mapToDouble(PairLoss::margin).toArray(), cogpo.get("margins"));
        assertThat(report.meanLoss()).isCloseTo(cogpo.get("mean_loss").asDouble(), within(1e-5));
        double global = expected.get("grad_global_norm").asDouble();
        assertThat(report.gradGlobalNorm()).isCloseTo(global, within(1e-5 + 1e-4 * global));
        report.gradNorms().forEach((name, norm) -> {
            double known = expected.get("grad_norms").get(name).asDouble();
            assertThat(norm).as(name).isCloseTo(known, within(1e-5 + 1e-4 * known));
        });
    }

    private static void global(
            LanguageModel policy,
            ReferenceLogps reference,
            List<PairExample> pairs,
            Objective objective,
            double nll,
            JsonNode expected,
            String key) {
        ObjectiveReport report = ObjectiveReport.of(
                policy, new AlignData(pairs, reference), objective, new ChosenNll(nll, ChosenNll.Per.TOKEN), 80);
        JsonNode known = expected.get("losses").get(key);
        assertThat(report.meanLoss()).as(key).isCloseTo(known.get("mean").asDouble(), within(1e-4));
        double norm = known.get("grad_global_norm").asDouble();
        assertThat(report.gradGlobalNorm()).as(key).isCloseTo(norm, within(1e-5 + 1e-4 * norm));
    }

    private static void checkGradients(LanguageModel model, JsonNode expected, Safetensors tensors) {
        model.parameters().forEach((name, parameter) -> {
            double norm = expected.get("grad_norms").get(name).asDouble();
            assertThat(Foreach.norm(List.of(parameter.grad()))).as(name).isCloseTo(norm, within(1e-5 + 1e-4 * norm));
            if (tensors.entries().containsKey("grad." + name)) {
                float[] known = tensors.tensor("grad." + name).toFloats();
                float[] ours = parameter.grad().toFloats();
                for (int i = 0; i < known.length; i++) {
                    assertThat(ours[i]).as(name).isCloseTo(known[i], within(1e-4f + 1e-4f * Math.abs(known[i])));
                }
            }
        });
    }

    private static void checkWeights(
            LanguageModel model, Map<String, float[]> before, JsonNode expected, Safetensors tensors, String prefix) {
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            for (Map.Entry<String, Tensor> entry : model.parameters().entrySet()) {
                String name = entry.getKey();
                float[] after = entry.getValue().toFloats();
                float[] start = before.get(name);
                double moved = Math.sqrt(IntStream.range(0, after.length)
                        .mapToDouble(i -> Math.pow((double) after[i] - start[i], 2))
                        .sum());
                double known = expected.get("param_delta_norms").get(name).asDouble();
                assertThat(moved).as(name).isCloseTo(known, within(1e-3 * known + 1e-6));
                if (tensors.entries().containsKey(prefix + name)) {
                    float[] values = tensors.tensor(prefix + name).toFloats();
                    long far = IntStream.range(0, after.length)
                            .filter(i -> Math.abs(after[i] - values[i]) > 1e-4)
                            .count();
                    assertThat(far).as(name).isLessThanOrEqualTo(Math.max(1, after.length / 1000));
                    assertThat(after).as(name).containsExactly(values, within(1e-3f));
                }
            }
        }
    }

    private static void near(double[] values, JsonNode expected) {
        double[] known = Oracle.doubles(expected);
        assertThat(values).containsExactly(known, within(1e-4));
    }

    private static double packed(LanguageModel model, List<Example> rows) {
        return Arrays.stream(Scoring.sums(model.decoder(), PackedRows.of(rows))).sum();
    }

    private static List<Example> examples(JsonNode inputs) {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < inputs.get("sequences").size(); i++) {
            int[] ids = Oracle.ints(inputs.get("sequences").get(i));
            int prompt = inputs.get("prompt_lengths").get(i).asInt();
            rows.add(new Example(
                    "sequence " + i, Arrays.copyOf(ids, prompt), Arrays.copyOfRange(ids, prompt, ids.length)));
        }
        return rows;
    }

    private static List<PairExample> pairs(JsonNode about) {
        List<PairExample> pairs = new ArrayList<>();
        for (JsonNode pair : about.get("pairs")) {
            pairs.add(new PairExample(
                    "pair " + pairs.size(),
                    Oracle.ints(pair.get("prompt_ids")),
                    Oracle.ints(pair.get("chosen_ids")),
                    Oracle.ints(pair.get("rejected_ids")),
                    pair.get("beta").asDouble(),
                    null));
        }
        return pairs;
    }

    private static TrainSettings settings(int steps, int rows) {
        return TrainSettings.sft().withOptimiser(ADAMW).withMaxSteps(steps).withBatch(new BatchSize.Rows(rows));
    }

    private TrainFiles files() {
        return TrainFiles.in(folder);
    }

    private List<JsonNode> metrics() throws IOException {
        return Files.readAllLines(files().metrics()).stream()
                .map(Oracle.JSON::readTree)
                .toList();
    }
}
