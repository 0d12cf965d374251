package cogent.train.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.train.Tiny;
import cogent.train.rows.Example;
import java.util.List;
import org.junit.jupiter.api.Test;

class RankSurprisalTest {
    private final List<Example> rows = Tiny.rows(9);

    @Test
    void the_ratio_is_that_of_ranks_and_surprisals_counted_one_by_one() {
        try (LanguageModel model = Tiny.model(false)) {
            List<RankSurprisal> measured = RankSurprisal.of(model, rows, 0.03, 20);
            for (int row = 0; row < rows.size(); row++) {
                RankSurprisal naive = naive(model, rows.get(row), 0.03);
                assertThat(measured.get(row).ratio()).isCloseTo(naive.ratio(), within(1e-4 * naive.ratio()));
                assertThat(measured.get(row).impossible()).isEqualTo(naive.impossible());
                assertThat(measured.get(row).tokens()).isEqualTo(rows.get(row).completion().length);
            }
            assertThat(measured).extracting(RankSurprisal::impossible).anyMatch(share -> share > 0);
        }
    }

    @Test
    void a_row_has_the_same_figures_in_any_company() {
        try (LanguageModel model = Tiny.model(true)) {
            List<RankSurprisal> together = RankSurprisal.of(model, rows, 0.01, 1000);
            for (int row = 0; row < rows.size(); row++) {
                RankSurprisal alone = RankSurprisal.of(model, List.of(rows.get(row)), 0.01, 1000)
                        .getFirst();
                assertThat(alone.ratio()).isCloseTo(together.get(row).ratio(), within(1e-4 * alone.ratio()));
            }
        }
    }

    /** From the whole table of log-probabilities, row by row, by sorting nothing and counting all. */
    private static RankSurprisal naive(LanguageModel model, Example row, double possible) {
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            PackedRows packed = PackedRows.of(List.of(row));
            Tensor logits = Nn.linear(
                    model.decoder().hidden(packed.inputs()), model.decoder().output(), null);
            float[] all = Nn.logSoftmax(logits, 1).toFloats();
            int vocabulary = (int) logits.size(1);
            double ranks = 0;
            double surprisal = 0;
            double impossible = 0;
            for (int i = 0; i < packed.targets().length; i++) {
                int from = packed.positions()[i] * vocabulary;
                float known = all[from + packed.targets()[i]];
                int rank = 1;
                for (int token = 0; token < vocabulary; token++) {
                    rank += all[from + token] > known ? 1 : 0;
                }
                ranks += rank;
                surprisal -= known;
                impossible += Math.exp(known) < possible ? 1 : 0;
            }
            return new RankSurprisal(ranks / surprisal, impossible / packed.targets().length, packed.targets().length);
        }
    }
}
