package cogent.train;

import cogent.tensor.GradMode;
import cogent.tensor.Scope;
import cogent.tensor.Tensor;
import cogent.tensor.Tensors;

/** The gradients of a model between steps. */
final class Gradients {
    private Gradients() {}

    /**
     * Forgets the last step's gradients. The embedding and output matrices keep a buffer of zeros, which passes add
     * to; the others get theirs from the next backward without an addition.
     */
    static void clear(Student model) {
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            Tensor embedding = model.embedding();
            Tensor output = model.output();
            zero(embedding);
            if (output != embedding) {
                zero(output);
            }
            for (Tensor parameter : model.parameters().values()) {
                if (parameter != embedding && parameter != output) {
                    parameter.clearGrad();
                }
            }
        }
    }

    private static void zero(Tensor parameter) {
        if (parameter.hasGrad()) {
            parameter.grad().zero_();
        } else {
            parameter.setGrad(Tensors.zerosLike(parameter));
        }
    }
}
