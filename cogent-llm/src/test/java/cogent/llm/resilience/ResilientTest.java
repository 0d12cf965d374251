package cogent.llm.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cogent.llm.ChatException;
import cogent.llm.ChatException.Kind;
import cogent.llm.ChatException.Trouble;
import cogent.llm.ChatModel;
import cogent.llm.ChatRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ResilientTest {
    private static final int TRIES = 10;

    private final TestTime.Jumping time = new TestTime.Jumping();
    private final Throttle gate =
            new Throttle(new Limits(100, 0, 0, Duration.ofMinutes(1), TRIES - 1, Duration.ofMinutes(10)), time);

    @Test
    void requests_on_which_the_server_always_fails_come_to_an_end_though_nothing_else_is_left_to_ask() {
        ChatModel poisoned = failing(Trouble.OTHER);
        for (int i = 0; i < 40; i++) {
            ChatException given =
                    catchThrowableOfType(ChatException.class, () -> poisoned.chat(ChatRequest.of("critic", "poison")));
            assertThat(given.kind()).isEqualTo(Kind.TRANSIENT);
            assertThat(given).hasMessageContaining("Given up after");
        }
    }

    @Test
    void an_endpoint_that_has_gone_costs_no_request_its_tries_and_ends_the_run() {
        gate.leave(gate.enter(1), 1);
        ChatModel gone = failing(Trouble.UNREACHABLE);
        // twenty failures open the breaker: two requests' tries
        assertThat(failure(gone).kind()).isEqualTo(Kind.TRANSIENT);
        assertThat(failure(gone).kind()).isEqualTo(Kind.TRANSIENT);
        assertThat(failure(gone))
                .hasMessageContaining("calls in a row got no reply")
                .extracting(ChatException::kind)
                .isEqualTo(Kind.FATAL);
    }

    @Test
    void an_endpoint_whose_first_twenty_answers_hold_no_reply_stops_the_run_and_says_where_to_look() {
        for (Trouble trouble : new Trouble[] {Trouble.EMPTY, Trouble.UNREADABLE}) {
            Throttle fresh = new Throttle(Limits.DEFAULT.withConcurrency(1), time);
            ChatModel empty = failing(fresh, trouble);
            ChatException last;
            int given = 0;
            do {
                last = failure(empty);
                given++;
            } while (last.kind() == Kind.TRANSIENT);
            assertThat(given).isLessThanOrEqualTo(5);
            assertThat(last.kind()).isEqualTo(Kind.FATAL);
            assertThat(last)
                    .hasMessageContaining("The first 20 answers all held no reply")
                    .hasMessageContaining("curl");
        }
    }

    @Test
    void an_empty_reply_in_mid_run_is_asked_for_a_few_times_more_and_no_longer() {
        gate.leave(gate.enter(1), 1);
        ChatModel empty = failing(gate, Trouble.EMPTY);
        for (int i = 0; i < 40; i++) {
            ChatException given = failure(empty);
            assertThat(given.kind()).isEqualTo(Kind.TRANSIENT);
            assertThat(given).hasMessageContaining("Given up after 5 tries.");
        }
    }

    private static ChatException failure(ChatModel model) {
        return catchThrowableOfType(ChatException.class, () -> model.chat(ChatRequest.of("critic", "x")));
    }

    private ChatModel failing(Trouble trouble) {
        return failing(gate, trouble);
    }

    private static ChatModel failing(Throttle throttle, Trouble trouble) {
        return new Resilient(
                _ -> {
                    throw new ChatException(Kind.TRANSIENT, "http://h/v1: bad.", trouble, null, null);
                },
                throttle,
                TRIES);
    }
}
