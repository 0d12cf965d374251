package cogent.pipeline.recipe;

import cogent.model.tensor.DType;
import java.util.Locale;

/** What products are computed in. */
public enum Precision {
    FP32(DType.F32),
    /** Single precision whose products round their factors to ten bits, as GPUs since Ampere can. */
    TF32(DType.F32),
    BF16(DType.BF16);

    private final DType type;

    Precision(DType type) {
        this.type = type;
    }

    public DType type() {
        return type;
    }

    /** In lower case, as recipes have it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
