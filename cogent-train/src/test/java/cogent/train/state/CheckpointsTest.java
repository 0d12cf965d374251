package cogent.train.state;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.Ranks;
import cogent.train.Tiny;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
    @Test
    void names_are_the_same_whatever_the_country(@TempDir Path folder) {
        Locale before = Locale.getDefault();
        try (LanguageModel model = Tiny.model(false)) {
            Locale.setDefault(Locale.forLanguageTag("ar-EG")); // digits of its own
            Checkpoints checkpoints = new Checkpoints(folder, 1, Ranks.alone());
            Checkpoints.State state = new Checkpoints.State(3, 9, 0, List.of(), 0, null, "run");
            assertThat(checkpoints.save(state, model.parameters(), new LinkedHashMap<>()))
                    .hasFileName("step-00000003");
            Locale.setDefault(before);
            assertThat(checkpoints
                            .resume("run", model.parameters(), new LinkedHashMap<>())
                            .state())
                    .isEqualTo(state);
        } finally {
            Locale.setDefault(before);
        }
    }
}
