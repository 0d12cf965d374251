package cogent.train.loop;

import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.Foreach;
import cogent.model.tensor.Ranks;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.train.forward.TrainableModel;
import cogent.train.objective.ChosenNll;
import cogent.train.objective.Objective;
import cogent.train.objective.PairLogps;
import cogent.train.objective.PairLoss;
import cogent.train.rows.BatchSize;
import cogent.train.rows.PairExample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What the first step of an alignment would see on a batch of pairs: per pair in order, then over all.
 *
 * @param gradGlobalNorm L2 norm of the gradient of {@code meanLoss} over all parameters
 * @param gradNorms the same by Hugging Face parameter name
 */
public record ObjectiveReport(
        List<PairLogps> logps,
        List<PairLoss> losses,
        double meanLoss,
        double gradGlobalNorm,
        Map<String, Double> gradNorms) {

    /**
     * Computes the report; the model is left as it was.
     *
     * @param data at least one pair
     * @param microBatchTokens tokens that go through the model at once
     */
    public static ObjectiveReport of(
            LanguageModel policy, AlignData data, Objective objective, ChosenNll nll, int microBatchTokens) {
        List<PairExample> pairs = data.pairs();
        if (objective.usesReference()) {
            data.reference().requireFor(pairs.size());
        }
        TrainableModel all = TrainableModel.all(policy);
        all.gradientsOn();
        all.clearGradients();
        List<PairLogps> logps = new ArrayList<>();
        List<PairLoss> losses = new ArrayList<>();
        int[] rows = IntStream.range(0, pairs.size()).toArray();
        AlignSettings settings = new AlignSettings(TrainSettings.align(), objective, nll, Optional.empty());
        PairBatch batch = new PairBatch(
                policy.decoder(),
                data,
                settings,
                rows,
                1,
                PairBatch.kl(policy.decoder(), Ranks.alone(), data, settings, rows));
        for (int[] part : BatchSize.split(rows, i -> pairs.get(i).tokens(), microBatchTokens)) {
            batch.backward(part, (_, known, loss) -> {
                logps.add(known);
                losses.add(loss);
            });
        }
        try (Scope _ = Scope.open()) {
            Map<String, Double> norms = new LinkedHashMap<>();
            policy.parameters().forEach((name, p) -> norms.put(name, Foreach.norm(List.of(p.grad()))));
            double global = Foreach.norm(
                    policy.parameters().values().stream().map(Tensor::grad).toList());
            double mean = losses.stream().mapToDouble(PairLoss::loss).average().orElseThrow();
            return new ObjectiveReport(logps, losses, mean, global, norms);
        } finally {
            all.gradientsOff();
        }
    }
}
