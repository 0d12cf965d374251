package cogent.train.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cogent.train.Oracle;
import java.util.OptionalDouble;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Losses against values that TRL's own code computed. */
class ObjectiveOracleTest {
    private static final ChosenNll PER_TOKEN = new ChosenNll(1, ChosenNll.Per.TOKEN);
    private static final ChosenNll PER_PAIR = new ChosenNll(1, ChosenNll.Per.PAIR);

    private JsonNode expected;
    private double[] betas;

    @ParameterizedTest
    @ValueSource(strings = {"cogpo-qwen2", "cogpo-qwen3"})
    void losses_are_those_of_trl(String fixture) {
        expected = Oracle.json(Oracle.of(fixture).resolve("expected.json")).get("expected");
        betas = Oracle.doubles(expected.get("cogpo").get("betas"));
        OptionalDouble constant = OptionalDouble.of(0.1);
        for (OptionalDouble beta : new OptionalDouble[] {OptionalDouble.empty(), constant}) {
            String at = beta.isPresent() ? "@0.1" : "@pair";
            check("sigmoid" + at, new CogPo(), ChosenNll.NONE, beta);
            check("sigmoid_label_smoothing_0.1" + at, new CogPo(0.1, new Divergence.ReverseKl()), ChosenNll.NONE, beta);
            check("hinge" + at, new Hinge(), ChosenNll.NONE, beta);
            check("ipo_avg" + at, new Ipo(true), ChosenNll.NONE, beta);
            check("ipo_sum" + at, new Ipo(false), ChosenNll.NONE, beta);
            check("rpo_alpha_1.0_batch_token_nll" + at, new CogPo(), PER_TOKEN, beta);
            check("rpo_alpha_1.0_pair_nll" + at, new CogPo(), PER_PAIR, beta);
        }
        check("simpo_gamma_0.5@2.0", new SimPo(2, 0.5), ChosenNll.NONE, constant);
        check("orpo_completion_nll@0.1", new Orpo(0.1), PER_TOKEN, constant);
        check("orpo_completion_pair_nll@0.1", new Orpo(0.1), PER_PAIR, constant);
    }

    private void check(String key, Objective objective, ChosenNll nll, OptionalDouble beta) {
        JsonNode known = expected.get("losses").get(key);
        double[] losses = Oracle.doubles(known.get("per_pair"));
        double[] chosen = of("policy_logps", "chosen");
        double[] rejected = of("policy_logps", "rejected");
        double[] refChosen = of("ref_logps", "chosen");
        double[] refRejected = of("ref_logps", "rejected");
        double[] chosenTokens = of("completion_token_counts", "chosen");
        double[] rejectedTokens = of("completion_token_counts", "rejected");
        double tokens = 0;
        for (double n : chosenTokens) {
            tokens += n;
        }
        double mean = 0;
        for (int i = 0; i < losses.length; i++) {
            PairLogps pair = new PairLogps(
                    chosen[i],
                    rejected[i],
                    refChosen[i],
                    refRejected[i],
                    (int) chosenTokens[i],
                    (int) rejectedTokens[i],
                    beta.orElse(betas[i]));
            PairLoss loss = nll.addTo(objective.loss(pair), pair, tokens / losses.length);
            mean += loss.loss() / losses.length;
            // TRL adds one batch mean to every pair, which only the mean over pairs can show
            if (!nll.equals(PER_TOKEN)) {
                assertThat(loss.loss()).as("%s pair %d", key, i).isCloseTo(losses[i], within(1e-4 + 1e-4 * losses[i]));
            }
        }
        double knownMean = known.get("mean").asDouble();
        assertThat(mean).as(key).isCloseTo(knownMean, within(1e-4 + 1e-4 * knownMean));
    }

    private double[] of(String name, String side) {
        return Oracle.doubles(expected.get(name).get(side));
    }
}
