package cogent.llm.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cogent.llm.ChatException;
import cogent.llm.ChatException.Kind;
import cogent.llm.ChatException.Trouble;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatReply.Finish;
import cogent.llm.ChatReply.Usage;
import cogent.llm.ChatRequest;
import cogent.llm.run.Metered;
import cogent.llm.store.RunDatabase;
import cogent.llm.store.Stored;
import cogent.llm.store.StoredPrompt;
import cogent.llm.store.Unanswered;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeterTest {
    @TempDir
    Path folder;

    private final AtomicInteger sent = new AtomicInteger();

    private ChatModel metered(Meter meter, Usage usage) {
        return new Metered(
                request -> {
                    sent.incrementAndGet();
                    return new ChatReply("m", "x", "", Finish.STOP, usage);
                },
                meter,
                new Price(1, 2),
                OptionalLong.of(100),
                null);
    }

    private static int drive(ChatModel model, int calls) {
        var refused = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < calls; i++) {
                threads.execute(() -> {
                    try {
                        model.chat(ChatRequest.of("critic", "x"));
                    } catch (ChatException e) {
                        assertThat(e.kind()).isEqualTo(Kind.FATAL);
                        assertThat(e)
                                .hasMessageContaining("the budget is spent")
                                .hasMessageContaining("Raise");
                        refused.incrementAndGet();
                    }
                });
            }
        }
        return refused.get();
    }

    @Test
    void no_call_beyond_the_budget_is_sent_whatever_is_in_flight() {
        Meter meter = new Meter(new Budget(10, Long.MAX_VALUE, 1e9), Map.of(), Meter.Spend.NOTHING);
        assertThat(drive(metered(meter, new Usage(1, 1, 0)), 200)).isEqualTo(190);
        assertThat(sent).hasValue(10);
    }

    @Test
    void cost_stays_below_the_budget_and_close_to_it() {
        // one call: 8 prompt tokens estimated + 100 bound = 208e-6 at most; 150e-6 in truth
        Meter meter = new Meter(new Budget(Long.MAX_VALUE, Long.MAX_VALUE, 0.1), Map.of(), Meter.Spend.NOTHING);
        drive(metered(meter, new Usage(50, 50, 40)), 1000);
        Meter.Snapshot snapshot = meter.snapshot();
        assertThat(snapshot.total().cost()).isBetween(0.0995, 0.1);
        assertThat(snapshot.inFlight()).isZero();
    }

    @Test
    void a_call_that_cannot_be_noted_down_holds_nothing_of_the_budget_back() {
        Meter meter = new Meter(new Budget(1, Long.MAX_VALUE, 1e9), Map.of(), Meter.Spend.NOTHING);
        RunDatabase full = RunDatabase.open(folder);
        full.close();
        ChatModel model = new Metered(
                _ -> ChatReply.of("m", "x"),
                meter,
                Price.FREE,
                OptionalLong.of(100),
                new Unanswered(full, Budget.UNLIMITED));
        ChatRequest request = ChatRequest.of("critic", "x");
        ScopedValue.where(Stored.CURRENT, StoredPrompt.of("m", "m", request))
                .run(() -> assertThatThrownBy(() -> model.chat(request)).hasMessageContaining("is closed"));
        assertThat(meter.snapshot().inFlight()).isZero();
    }

    @Test
    void what_earlier_sessions_spent_counts() {
        Map<String, UsageTotals> earlier = Map.of("critic", new UsageTotals(7, 70, 30, 0, 0.5, 0, 0));
        Meter meter = new Meter(new Budget(10, Long.MAX_VALUE, 1e9), earlier, Meter.Spend.NOTHING);
        drive(metered(meter, new Usage(10, 1, 0)), 20);
        assertThat(sent).hasValue(3);
        UsageTotals critic = meter.snapshot().byAgent().get("critic");
        assertThat(critic.calls()).isEqualTo(10);
        assertThat(critic.tokens()).isEqualTo(133);
        assertThat(meter.snapshot().total()).isEqualTo(critic);
    }

    @Test
    void a_lost_reply_counts_against_the_budget_as_if_billed() {
        Meter meter = new Meter(new Budget(3, Long.MAX_VALUE, 1e9), Map.of(), Meter.Spend.NOTHING);
        ChatModel losing = new Metered(
                request -> {
                    sent.incrementAndGet();
                    throw new ChatException(Kind.TRANSIENT, "lost", Trouble.LOST, null, null);
                },
                meter,
                new Price(1, 2),
                OptionalLong.of(100),
                null);
        for (int i = 0; i < 5; i++) {
            var _ = catchThrowableOfType(ChatException.class, () -> losing.chat(ChatRequest.of("critic", "x")));
        }
        assertThat(sent).hasValue(3);
        Meter.Snapshot snapshot = meter.snapshot();
        assertThat(snapshot.total().calls()).isZero();
        assertThat(snapshot.total().failed()).isEqualTo(3);
        assertThat(snapshot.uncertain()).isEqualTo(3 * 208e-6);
    }
}
