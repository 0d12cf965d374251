package cogent.cli.study;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.cli.run.Unfinished;
import cogent.data.InputException;
import org.junit.jupiter.api.Test;

final class EndingTest {
    @Test
    void what_only_stopped_is_not_called_failed() {
        assertThat(Ending.of("curate", new Unfinished(1, "3 samples got no answer")))
                .hasToString("stopped: curate: 3 samples got no answer");
        assertThat(Ending.of("sft", new InputException("no room"))).hasToString("failed: sft: no room");
        assertThat(Ending.of("sft", new IllegalStateException()))
                .hasToString("failed: sft: java.lang.IllegalStateException");
    }
}
