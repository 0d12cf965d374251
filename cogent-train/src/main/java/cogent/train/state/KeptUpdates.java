package cogent.train.state;

import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.DType;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * What saving a trained model in a narrower type keeps of its training. Weights that came in bf16 lie on its grid, and an
 * update of less than half a step (1/512 to 1/256 of the weight) is rounded back to where it came from: a model aligned with
 * a small learning rate can be saved as the one it was before.
 *
 * @param moved weights that training moved at all
 * @param kept those of them that differ from before in the narrower type too
 */
public record KeptUpdates(long moved, long kept) {
    private static final double ENOUGH = 0.9;

    /**
     * Compares a model with the one that its training began with, weight by weight.
     *
     * @param base the directory that it was loaded from
     * @param stored the type to save in
     */
    public static KeptUpdates of(LanguageModel trained, Path base, DType stored) {
        long moved = 0;
        long kept = 0;
        try (LanguageModel before = LanguageModel.mapped(base);
                var _ = GradMode.off()) {
            for (Map.Entry<String, Tensor> weight : trained.parameters().entrySet()) {
                try (Scope _ = Scope.open()) {
                    Tensor now = weight.getValue().detach();
                    Tensor old = Objects.requireNonNull(before.parameters().get(weight.getKey()))
                            .to(now.device(), now.dtype());
                    Tensor changed = now.sub(old).ne(0);
                    Tensor differs =
                            rounded(now, stored).sub(rounded(old, stored)).ne(0);
                    moved += (long) changed.sum().item();
                    kept += (long) changed.and(differs).sum().item();
                }
            }
        }
        return new KeptUpdates(moved, kept);
    }

    private static Tensor rounded(Tensor x, DType stored) {
        return x.to(stored).to(DType.F32);
    }

    /** The kept share of the moved weights; 1 where none moved. */
    public double share() {
        return moved == 0 ? 1 : (double) kept / moved;
    }

    /** Whether the narrower type keeps nine of ten: what it loses then are the smallest of all updates. */
    public boolean areEnough() {
        return share() >= ENOUGH;
    }
}
