package cogent.pipeline.train;

import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.DType;
import cogent.pipeline.recipe.TrainingConfig;
import cogent.train.state.KeptUpdates;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a trained model is saved in.
 *
 * @param kept the share of the updates that the student's own type keeps, null where that was not the question
 */
record SavedType(DType type, @Nullable Double kept) {
    /** @param base the directory that was trained from */
    static SavedType of(TrainingConfig.SaveType asked, LanguageModel trained, Path base) {
        DType own = trained.config().dtype();
        return switch (asked) {
            case FP32 -> new SavedType(DType.F32, null);
            case BF16 -> new SavedType(DType.BF16, null);
            case AUTO -> {
                if (own == DType.F32) {
                    yield new SavedType(own, null);
                }
                KeptUpdates kept = KeptUpdates.of(trained, base, own);
                yield new SavedType(kept.areEnough() ? own : DType.F32, kept.share());
            }
        };
    }
}
