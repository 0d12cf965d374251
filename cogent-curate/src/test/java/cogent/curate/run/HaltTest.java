package cogent.curate.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.llm.ChatException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HaltTest {
    private final List<String> unanswered = new ArrayList<>();
    private boolean wished;
    private final Halt halt = new Halt("samples", 1, () -> wished);

    private void fails(ChatException.Kind kind) {
        halt.within(
                "sample",
                () -> {
                    throw new ChatException(kind, "busy");
                },
                e -> unanswered.add(e.getMessage()));
    }

    @Test
    void fifty_in_a_row_without_an_answer_end_the_run_and_one_answer_begins_the_count_anew() {
        for (int i = 0; i < 49; i++) {
            fails(ChatException.Kind.TRANSIENT);
            fails(ChatException.Kind.PENDING); // waits for its reply: no sign of anything
        }
        halt.within("sample", () -> {}, _ -> {});
        for (int i = 0; i < 49; i++) {
            fails(ChatException.Kind.TRANSIENT);
        }
        assertThat(halt.isNear()).isFalse();
        fails(ChatException.Kind.TRANSIENT);
        assertThat(unanswered).hasSize(3 * 49 + 1);
        assertThatThrownBy(halt::rethrow).hasMessage("the last 50 samples got no answer, the last of them: busy");
    }

    @Test
    void what_fails_while_a_failure_is_noted_is_not_lost() {
        halt.within(
                "sample",
                () -> {
                    throw new ChatException(ChatException.Kind.TRANSIENT, "busy");
                },
                _ -> {
                    throw new IllegalStateException("disk full");
                });
        assertThatThrownBy(halt::rethrow).hasMessage("disk full");
    }

    @Test
    void an_error_names_the_piece_of_work() {
        halt.within(
                "sample q-7",
                () -> {
                    throw new AssertionError("no");
                },
                _ -> {});
        assertThatThrownBy(halt::rethrow).hasMessage("sample q-7: java.lang.AssertionError: no");
    }

    @Test
    void after_the_wish_to_stop_nothing_counts_as_a_failure() {
        wished = true;
        fails(ChatException.Kind.FATAL);
        assertThat(unanswered).isEmpty();
        halt.rethrow();
        assertThat(halt.isNear()).isTrue();
    }
}
