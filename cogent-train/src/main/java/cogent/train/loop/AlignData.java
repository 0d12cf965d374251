package cogent.train.loop;

import cogent.train.rows.PairExample;
import cogent.train.state.ReferenceLogps;
import java.util.List;

/**
 * Pairs with the reference's log-probabilities of them.
 *
 * @param reference of these pairs, in this order; {@link ReferenceLogps#none()} for objectives that need none
 */
public record AlignData(List<PairExample> pairs, ReferenceLogps reference) {
    /** No pairs. */
    public static final AlignData NONE = new AlignData(List.of(), ReferenceLogps.none());
}
