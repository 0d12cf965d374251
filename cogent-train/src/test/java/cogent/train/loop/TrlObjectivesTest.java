package cogent.train.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cogent.model.decoder.LanguageModel;
import cogent.train.Oracle;
import cogent.train.objective.ChosenNll;
import cogent.train.objective.Kto;
import cogent.train.objective.Objective;
import cogent.train.objective.Sppo;
import cogent.train.rows.PairExample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Loss, divergence and gradient of a batch against TRL 1.16's own trainers ({@code tools/oracles/objectives.py}). */
class TrlObjectivesTest {
    private static final Path FIXTURE = Path.of("src/test/resources/objectives");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"kto,policy,reference", "kto,reference,policy", "sppo,policy,reference", "sppo,reference,policy"})
    void a_batch_has_the_loss_and_the_gradient_of_trl(String name, String policy, String reference) throws IOException {
        JsonNode file = Oracle.JSON.readTree(Files.readString(FIXTURE.resolve("expected.json")));
        JsonNode expected = file.get(name + " " + policy);
        List<PairExample> pairs = pairs(file);
        Objective objective = name.equals("kto")
                ? new Kto(
                        file.get("desirable").asDouble(),
                        file.get("undesirable").asDouble())
                : new Sppo();
        AlignData data;
        try (LanguageModel model = LanguageModel.load(FIXTURE.resolve(reference))) {
            data = AlignData.of(model, pairs, objective, 12, folder);
        }
        try (LanguageModel model = LanguageModel.load(FIXTURE.resolve(policy))) {
            ObjectiveReport report = ObjectiveReport.of(model, data, objective, ChosenNll.NONE, 12);
            assertThat(report.meanLoss())
                    .isCloseTo(
                            expected.get("loss").asDouble(),
                            within(1e-5 * expected.get("loss").asDouble()));
            assertThat(report.gradGlobalNorm())
                    .isCloseTo(
                            expected.get("grad_norm").asDouble(),
                            within(1e-5 * expected.get("grad_norm").asDouble()));
            double kl = report.logps().getFirst().kl();
            if (objective.usesKl()) {
                assertThat(kl).isCloseTo(expected.get("kl").asDouble(), within(1e-5));
            } else {
                assertThat(kl).isNaN();
            }
        }
    }

    private static List<PairExample> pairs(JsonNode file) {
        List<PairExample> pairs = new ArrayList<>();
        for (JsonNode pair : file.get("pairs")) {
            pairs.add(new PairExample(
                    "pair-" + pairs.size(),
                    ids(pair.get("prompt")),
                    ids(pair.get("chosen")),
                    ids(pair.get("rejected")),
                    file.get("beta").asDouble(),
                    null));
        }
        return pairs;
    }

    private static int[] ids(JsonNode node) {
        return node.valueStream().mapToInt(JsonNode::asInt).toArray();
    }
}
