package cogent.llm.openai;

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
import cogent.llm.resilience.TestTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoadBalancedTest {
    private static final ChatReply REPLY = new ChatReply("m", "x", "", Finish.STOP, Usage.NONE);
    private static final ChatRequest REQUEST = ChatRequest.of("critic", "x");

    private final TestTime.Jumping time = new TestTime.Jumping();
    private final AtomicInteger slow = new AtomicInteger();
    private final AtomicInteger quick = new AtomicInteger();

    private ChatModel counting(AtomicInteger counter) {
        return request -> {
            counter.incrementAndGet();
            return REPLY;
        };
    }

    @Test
    void idle_servers_take_turns() {
        var model = new LoadBalanced(List.of(counting(slow), counting(quick)), new LoadBalancer(2, time));
        for (int i = 0; i < 10; i++) {
            model.chat(REQUEST);
        }
        assertThat(slow).hasValue(5);
        assertThat(quick).hasValue(5);
    }

    @Test
    void a_slow_server_gets_no_more_while_its_calls_are_out_whoever_made_them() throws InterruptedException {
        var release = new CountDownLatch(1);
        var entered = new CountDownLatch(1);
        ChatModel hanging = request -> {
            slow.incrementAndGet();
            entered.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw ChatException.interrupted(e);
            }
            return REPLY;
        };
        var bases = new LoadBalancer(2, time);
        var critic = new LoadBalanced(List.of(hanging, counting(quick)), bases);
        var verifier = new LoadBalanced(List.of(hanging, counting(quick)), bases);
        Thread first = Thread.ofVirtual().start(() -> critic.chat(REQUEST));
        entered.await();
        for (int i = 0; i < 9; i++) {
            verifier.chat(REQUEST);
        }
        release.countDown();
        first.join();
        assertThat(slow).hasValue(1);
        assertThat(quick).hasValue(9);
    }

    @Test
    void a_server_that_asks_for_thousands_of_years_is_set_aside_like_any_other() {
        ChatModel gone = _ -> {
            throw new ChatException(Kind.TRANSIENT, "gone", Trouble.OVERLOADED, Duration.ofDays(3_000_000), null);
        };
        var model = new LoadBalanced(List.of(gone, counting(quick)), new LoadBalancer(2, time));
        assertThatThrownBy(() -> model.chat(REQUEST)).hasMessage("gone");
        model.chat(REQUEST);
        model.chat(REQUEST);
        assertThat(quick).hasValue(2);
    }

    @Test
    void a_dead_server_is_set_aside_and_does_not_pause_the_others() {
        ChatModel dead = request -> {
            slow.incrementAndGet();
            throw new ChatException(Kind.TRANSIENT, "gone", Trouble.UNREACHABLE, Duration.ofSeconds(30), null);
        };
        var model = new LoadBalanced(List.of(dead, counting(quick)), new LoadBalancer(2, time));
        ChatException e = catchThrowableOfType(ChatException.class, () -> model.chat(REQUEST));
        assertThat(e.retryAfter()).isEmpty();
        for (int i = 0; i < 20; i++) {
            model.chat(REQUEST);
        }
        assertThat(slow).hasValue(1);
        time.sleep(Duration.ofSeconds(31));
        var _ = catchThrowableOfType(ChatException.class, () -> model.chat(REQUEST));
        assertThat(slow).hasValue(2);
    }
}
