package cogent.pipeline.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cogent.curate.agent.CallCosts;
import cogent.eval.Interval;
import cogent.llm.ChatReply.Usage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RatioEstimateTest {
    /** Rows of 100 to 140 characters, of two tokens a character, more or less. */
    private static final List<RatioEstimate.Row> TRIED = IntStream.range(0, 20)
            .mapToObj(i -> new RatioEstimate.Row(100 + 2 * i, bill(200 + 4 * i + (i % 2 == 0 ? 9 : -9))))
            .toList();

    @Test
    void what_rows_cost_grows_with_their_length_and_calls_with_their_number() {
        RatioEstimate estimate = new RatioEstimate(TRIED, 1000, 119_000, 1);
        assertThat(estimate.whole(RatioEstimateTest::tokens)).isCloseTo(238_000, within(1e-6));
        assertThat(estimate.calls(bill -> bill.calls().get("critic"))).isEqualTo(1000);
        Interval interval = estimate.interval(RatioEstimateTest::tokens);
        // of the ratio's error, 9 / √20 tokens a row of 1000
        assertThat(interval.low()).isBetween(238_000 - 6_000.0, 238_000 - 2_500.0);
        assertThat(interval.high()).isBetween(238_000 + 2_500.0, 238_000 + 6_000.0);
    }

    /** A bill's price is a matter of the recipe: read for every draw it took most of a minute. */
    @Test
    void a_row_is_billed_once_however_often_it_is_drawn() {
        AtomicInteger billed = new AtomicInteger();
        new RatioEstimate(TRIED, 1000, 119_000, 1).interval(bill -> billed.incrementAndGet());
        assertThat(billed).hasValue(TRIED.size());
    }

    @Test
    void where_every_row_was_tried_nothing_is_uncertain() {
        Interval interval = new RatioEstimate(TRIED, TRIED.size(), 2_380, 1).interval(RatioEstimateTest::tokens);
        assertThat(interval.low()).isEqualTo(interval.high()).isCloseTo(4_760, within(1e-9));
    }

    private static double tokens(CallCosts bill) {
        return bill.usage().get("critic").promptTokens();
    }

    private static CallCosts bill(int tokens) {
        return new CallCosts(Map.of("critic", 1), Map.of("critic", new Usage(tokens, 0, 0)));
    }
}
