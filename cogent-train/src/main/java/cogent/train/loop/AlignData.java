package cogent.train.loop;

import cogent.model.decoder.LanguageModel;
import cogent.train.objective.Objective;
import cogent.train.rows.Mismatched;
import cogent.train.rows.PairExample;
import cogent.train.rows.TrainingRows;
import cogent.train.state.ReferenceLogps;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pairs with the reference's log-probabilities of them.
 *
 * @param reference of these pairs, in this order; {@link ReferenceLogps#none()} for objectives that need none
 * @param mismatched {@link Mismatched} of these pairs with the reference's log-probabilities, for objectives that {@link
 *     cogent.train.objective.Objective#usesKl use} them; null for the others
 */
public record AlignData(
        List<PairExample> pairs,
        ReferenceLogps reference,
        @Nullable AlignData mismatched) {
    /** No pairs. */
    public static final AlignData NONE = new AlignData(List.of(), ReferenceLogps.none());

    public AlignData(List<PairExample> pairs, ReferenceLogps reference) {
        this(pairs, reference, null);
    }

    /**
     * Pairs with what an objective asks of their reference.
     *
     * @param microBatchTokens tokens that go through the reference at once
     * @param folder keeps its log-probabilities
     */
    public static AlignData of(
            LanguageModel reference, List<PairExample> pairs, Objective objective, int microBatchTokens, Path folder) {
        if (!objective.usesReference()) {
            return new AlignData(pairs, ReferenceLogps.none());
        }
        AlignData data = new AlignData(pairs, logps(reference, pairs, microBatchTokens, folder));
        if (!objective.usesKl()) {
            return data;
        }
        List<PairExample> others = Mismatched.of(pairs);
        return data.withMismatched(others, logps(reference, others, microBatchTokens, folder));
    }

    private static ReferenceLogps logps(
            LanguageModel reference, List<PairExample> pairs, int microBatchTokens, Path folder) {
        return ReferenceLogps.of(reference, pairs, microBatchTokens, folder, () -> false, _ -> {})
                .orElseThrow();
    }

    /** Some of the pairs. */
    public AlignData only(int[] rows) {
        return new AlignData(
                TrainingRows.only(pairs, rows),
                reference.only(rows),
                mismatched == null ? null : mismatched.only(rows));
    }

    /** The same with the pairs that the divergence is estimated from. */
    public AlignData withMismatched(List<PairExample> others, ReferenceLogps ofOthers) {
        return new AlignData(pairs, reference, new AlignData(others, ofOthers));
    }
}
