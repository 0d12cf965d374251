package cogent.pipeline.study;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.data.InputException;
import cogent.pipeline.run.UnfinishedException;
import org.junit.jupiter.api.Test;

final class IncompleteRunTest {
    @Test
    void what_only_stopped_is_not_called_failed() {
        assertThat(IncompleteRun.of("curate", new UnfinishedException(true, "3 samples got no answer")))
                .hasToString("stopped: curate: 3 samples got no answer");
        assertThat(IncompleteRun.of("sft", new InputException("no room"))).hasToString("failed: sft: no room");
        assertThat(IncompleteRun.of("sft", new IllegalStateException()))
                .hasToString("failed: sft: java.lang.IllegalStateException");
    }
}
