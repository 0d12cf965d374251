package cogent.train;

import cogent.model.LanguageModel;
import cogent.tensor.GradMode;
import cogent.tensor.Scope;
import cogent.tensor.Tensor;
import cogent.tensor.Tensors;

/** The gradients of a model's parameters, from the first step to the last. */
final class Gradients {
    private Gradients() {}

    /** Lets every parameter be trained. */
    static void on(LanguageModel model) {
        model.parameters().values().forEach(parameter -> parameter.requiresGrad(true));
    }

    /** Frees all gradients and leaves the parameters as they were before training. */
    static void off(LanguageModel model) {
        model.parameters().values().forEach(parameter -> {
            parameter.clearGrad();
            parameter.requiresGrad(false);
        });
    }

    /**
     * Forgets the last step's gradients. The embedding and output matrices keep a buffer of zeros, which passes add
     * to; the others get theirs from the next backward without an addition.
     */
    static void clear(LanguageModel model) {
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            Tensor embedding = model.decoder().embedding();
            Tensor output = model.decoder().output();
            for (Tensor parameter : model.parameters().values()) {
                if (parameter != embedding && parameter != output) {
                    parameter.clearGrad();
                } else if (parameter.hasGrad()) {
                    parameter.grad().zero_();
                } else {
                    parameter.setGrad(Tensors.zerosLike(parameter));
                }
            }
        }
    }
}
