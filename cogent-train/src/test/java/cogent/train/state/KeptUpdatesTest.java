package cogent.train.state;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.DType;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Scope;
import cogent.train.Tiny;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptUpdatesTest {
    @TempDir
    Path folder;

    @BeforeEach
    void a_model_in_bf16() throws IOException {
        try (LanguageModel model = Tiny.model(false)) {
            model.save(folder.resolve("base"), DType.BF16, null);
        }
    }

    @Test
    void updates_below_half_a_step_are_swallowed_and_those_above_one_are_kept() {
        assertThat(afterScalingBy(1 + 1.0 / 1024).share()).isZero();
        assertThat(afterScalingBy(1 + 1.0 / 1024).areEnough()).isFalse();
        assertThat(afterScalingBy(1 + 1.0 / 64).share()).isEqualTo(1);
        assertThat(afterScalingBy(1 + 1.0 / 64).areEnough()).isTrue();
    }

    @Test
    void only_moved_weights_are_counted() {
        KeptUpdates none = afterScalingBy(1);
        assertThat(none.moved()).isZero();
        assertThat(none.share()).isEqualTo(1);
        try (LanguageModel model = LanguageModel.load(folder.resolve("base"));
                Scope _ = Scope.open();
                var _ = GradMode.off()) {
            var norm = model.parameters().get("model.norm.weight");
            norm.mul_(1.5);
            assertThat(KeptUpdates.of(model, folder.resolve("base"), DType.BF16))
                    .isEqualTo(new KeptUpdates(norm.numel(), norm.numel()));
        }
    }

    private KeptUpdates afterScalingBy(double factor) {
        try (LanguageModel model = LanguageModel.load(folder.resolve("base"));
                Scope _ = Scope.open();
                var _ = GradMode.off()) {
            model.parameters().values().forEach(weight -> weight.mul_(factor));
            return KeptUpdates.of(model, folder.resolve("base"), DType.BF16);
        }
    }
}
