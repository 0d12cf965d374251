package cogent.llm.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cogent.llm.ChatException;
import cogent.llm.ChatException.Kind;
import cogent.llm.ChatException.Trouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private final TestTime.Jumping time = new TestTime.Jumping();

    private static Limits limits(int concurrency, double requests, double tokens) {
        return new Limits(concurrency, requests, tokens, Duration.ofMinutes(1), 10, Duration.ofMinutes(10));
    }

    private static ChatException failure(Trouble trouble, Duration retryAfter) {
        return new ChatException(Kind.TRANSIENT, "http://h/v1: bad.", trouble, retryAfter, null);
    }

    private double seconds() {
        return time.nanos() / 1e9;
    }

    @Test
    void requests_are_spread_over_the_minute() {
        Throttle gate = new Throttle(limits(1000, 120, 0), time);
        for (int i = 0; i < 60; i++) {
            gate.enter(1);
        }
        assertThat(seconds()).isBetween(28.0, 30.0);
    }

    @Test
    void tokens_are_spread_over_the_minute_and_corrected_by_what_was_used() {
        Throttle gate = new Throttle(limits(1000, 0, 60_000), time);
        for (int i = 0; i < 20; i++) {
            gate.leave(gate.enter(5000), 1000);
        }
        assertThat(seconds()).isBetween(18.0, 25.0);
    }

    @Test
    void one_wish_to_be_left_alone_holds_for_all() {
        Throttle gate = new Throttle(limits(10, 0, 0), time);
        Throttle.Permit one = gate.enter(1);
        gate.leave(one, failure(Trouble.RATE_LIMITED, Duration.ofSeconds(42)));
        gate.enter(1);
        assertThat(seconds()).isEqualTo(42);
    }

    @Test
    void concurrency_is_cut_once_for_calls_out_together_and_recovers() {
        Throttle gate = new Throttle(limits(100, 0, 0), time);
        List<Throttle.Permit> out = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            out.add(gate.enter(1));
        }
        time.sleep(Duration.ofSeconds(1));
        out.forEach(permit -> gate.leave(permit, failure(Trouble.OVERLOADED, null)));
        assertThat(gate.allowed()).isEqualTo(70);
        for (int i = 0; i < 3000; i++) {
            gate.leave(gate.enter(1), 1);
        }
        assertThat(gate.allowed()).isEqualTo(100);
    }

    @Test
    void a_full_house_waits_for_somebody_to_leave() throws InterruptedException {
        Throttle gate = new Throttle(limits(1, 0, 0), time);
        Throttle.Permit first = gate.enter(1);
        var second = new AtomicBoolean();
        Thread waiting = Thread.ofVirtual().start(() -> {
            gate.enter(1);
            second.set(true);
        });
        while (waiting.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(second).isFalse();
        gate.leave(first, 1);
        waiting.join();
        assertThat(second).isTrue();
    }

    @Test
    void a_server_that_never_answered_stops_the_run_after_ten_seconds() {
        Throttle gate = new Throttle(limits(10, 0, 0), time);
        ChatException closed = failUntilClosed(gate, Trouble.UNREACHABLE);
        assertThat(seconds()).isBetween(10.0, 20.0);
        assertThat(closed.kind()).isEqualTo(Kind.FATAL);
        assertThat(closed).hasMessageStartingWith("http://h/v1: bad. ").hasMessageContaining("Rerun the same command");
    }

    @Test
    void a_server_that_fails_mid_run_gets_its_patience_with_few_probes() {
        Throttle gate = new Throttle(limits(10, 0, 0), time);
        gate.leave(gate.enter(1), 1);
        failUntilClosed(gate, Trouble.OVERLOADED);
        assertThat(seconds()).isBetween(600.0, 670.0);
        assertThat(tries).isBetween(30, 40);
    }

    @Test
    void
            calls_on_which_the_server_fails_for_longer_than_its_patience_are_given_up_one_by_one_and_an_answer_ends_that() {
        Throttle gate = new Throttle(limits(10, 0, 0), time);
        gate.leave(gate.enter(1), 1);
        for (int i = 0; !gate.givesUp(); i++) {
            assertThat(i).isLessThan(40);
            gate.leave(gate.enter(1), failure(Trouble.OTHER, null));
        }
        double since = seconds();
        assertThat(since).isBetween(600.0, 670.0);
        for (int i = 0; i < 30; i++) {
            gate.leave(gate.enter(1), failure(Trouble.OTHER, null));
        }
        assertThat(seconds() - since).isLessThan(70);
        gate.leave(gate.enter(1), 1);
        assertThat(gate.givesUp()).isFalse();
    }

    @Test
    void where_only_web_pages_answer_the_door_closes_soon() {
        Throttle gate = new Throttle(limits(10, 0, 0), time);
        failUntilClosed(gate, Trouble.WEB_PAGE);
        assertThat(seconds()).isBetween(10.0, 25.0);
    }

    @Test
    void what_keeps_an_endpoint_from_answering_is_told_while_it_lasts() {
        Throttle gate = new Throttle(limits(10, 0, 0), time);
        gate.leave(gate.enter(1), 1);
        for (int i = 0; i < 25; i++) {
            gate.leave(gate.enter(1), failure(Trouble.OTHER, null));
        }
        assertThat(gate.trouble())
                .isEqualTo("No reply to the last 25 calls, for 31 s: http://h/v1: bad. Trying on, for 10 min in all.");
        gate.leave(gate.enter(1), 1);
        assertThat(gate.trouble()).isNull();
    }

    @Test
    void whoever_waits_is_told_how_long_the_endpoint_asks_for() throws InterruptedException {
        Throttle gate = new Throttle(limits(10, 0, 0), time);
        gate.leave(gate.enter(1), failure(Trouble.RATE_LIMITED, Duration.ofMinutes(5)));
        time.sleep(Duration.ofSeconds(100));
        assertThat(gate.trouble())
                .isEqualTo("http://h/v1: bad. The endpoint asks to be left alone for 3 min: waiting.");
        gate.leave(gate.enter(1), 1);
        assertThat(gate.trouble()).isNull();
        gate.pause(Duration.ofSeconds(90));
        assertThat(gate.trouble()).isEqualTo("The endpoint asks to be left alone for 90 s: waiting.");
        time.sleep(Duration.ofSeconds(45));
        assertThat(gate.trouble()).isNull();
    }

    @Test
    void one_answer_closes_the_breaker() {
        Throttle gate = new Throttle(limits(10, 0, 0), time);
        for (int i = 0; i < 25; i++) {
            gate.leave(gate.enter(1), failure(Trouble.OTHER, null));
        }
        assertThat(gate.allowed()).isEqualTo(1);
        Throttle.Permit probe = gate.enter(1);
        assertThat(probe.probe()).isTrue();
        gate.leave(probe, 1);
        assertThat(gate.allowed()).isEqualTo(10);
    }

    @Test
    void a_wish_longer_than_our_patience_stops_the_run() {
        Throttle gate = new Throttle(limits(10, 0, 0), time);
        gate.leave(gate.enter(1), failure(Trouble.RATE_LIMITED, Duration.ofHours(5)));
        ChatException closed = catchThrowableOfType(ChatException.class, () -> gate.enter(1));
        assertThat(closed.kind()).isEqualTo(Kind.FATAL);
        assertThat(closed).hasMessageContaining("left alone for 300 min");
    }

    @Test
    void after_a_fatal_failure_nothing_is_sent() {
        Throttle gate = new Throttle(limits(10, 0, 0), time);
        gate.leave(gate.enter(1), new ChatException(Kind.FATAL, "http://h/v1: the key was refused"));
        ChatException closed = catchThrowableOfType(ChatException.class, () -> gate.enter(1));
        assertThat(closed).hasMessage("http://h/v1: the key was refused");
    }

    private int tries;

    private ChatException failUntilClosed(Throttle gate, Trouble trouble) {
        while (true) {
            try {
                Throttle.Permit permit = gate.enter(1);
                tries++;
                time.sleep(Duration.ofMillis(100));
                gate.leave(permit, failure(trouble, null));
            } catch (ChatException e) {
                return e;
            }
        }
    }
}
