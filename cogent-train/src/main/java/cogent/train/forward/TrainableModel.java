package cogent.train.forward;

import cogent.data.InputException;
import cogent.data.Sha256;
import cogent.model.decoder.Decoder;
import cogent.model.decoder.LanguageModel;
import cogent.model.decoder.Lora;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import cogent.train.rows.Digests;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/**
 * What is trained: a decoder, those of its parameters that move, and those that do not.
 *
 * @param parameters that move, by name
 * @param frozen that stay
 */
public record TrainableModel(
        Decoder decoder, SequencedMap<String, Tensor> parameters, SequencedMap<String, Tensor> frozen) {
    public TrainableModel {
        for (Tensor parameter : parameters.values()) {
            if (parameter.dtype() != DType.F32) {
                throw new IllegalArgumentException("training needs weights in single precision; load the model as F32");
            }
        }
    }

    /** All weights of a model. */
    public static TrainableModel all(LanguageModel model) {
        return new TrainableModel(model.decoder(), model.parameters(), new LinkedHashMap<>());
    }

    /**
     * The weights of a model except some.
     *
     * @param frozen names, in which * stands for anything
     * @throws InputException when a name fits no weight, or nothing is left to train
     */
    public static TrainableModel allBut(LanguageModel model, List<String> frozen) {
        SequencedMap<String, Tensor> moving = new LinkedHashMap<>(model.parameters());
        SequencedMap<String, Tensor> staying = new LinkedHashMap<>();
        for (String name : model.parameters().keySet()) {
            if (matches(frozen, name)) {
                staying.put(name, moving.remove(name));
            }
        }
        for (String pattern : frozen) {
            if (staying.keySet().stream().noneMatch(name -> matches(List.of(pattern), name))) {
                throw new InputException("freeze: no weight is called " + pattern + "; there are, for instance, "
                        + String.join(
                                ", ",
                                model.parameters().sequencedKeySet().stream()
                                        .limit(4)
                                        .toList()));
            }
        }
        if (moving.isEmpty()) {
            throw new InputException("freeze leaves no weight to train");
        }
        return new TrainableModel(model.decoder(), moving, staying);
    }

    /** An adapter on a model that stays as it is. */
    public static TrainableModel adapter(LanguageModel model, Lora adapter) {
        return new TrainableModel(adapter.decoder(), adapter.parameters(), model.parameters());
    }

    /** The same with the layers' products in another type; what is trained stays in single precision. */
    public TrainableModel computing(DType dtype) {
        return new TrainableModel(decoder.computing(dtype), parameters, frozen);
    }

    public Device device() {
        return decoder.embedding().device();
    }

    public ModelConfig config() {
        return decoder.config();
    }

    /** The share of all weights that move. */
    public double trained() {
        long moving = count(parameters);
        return (double) moving / (moving + count(frozen));
    }

    private static long count(SequencedMap<String, Tensor> tensors) {
        return tensors.values().stream().mapToLong(Tensor::numel).sum();
    }

    /** What the starting point is, and how it is computed. */
    public String digest() {
        return Sha256.hex(decoder.compute() + Digests.of(parameters) + Digests.of(frozen));
    }

    /** Lets the parameters be trained, and them alone. */
    public void gradientsOn() {
        parameters.values().forEach(parameter -> parameter.requiresGrad(true));
    }

    /** Frees all gradients and copies, and leaves the parameters as they were before training. */
    public void gradientsOff() {
        decoder.closeCopies();
        parameters.values().forEach(parameter -> {
            parameter.clearGrad();
            parameter.requiresGrad(false);
        });
    }

    /**
     * Forgets the last step's gradients; the next backward brings new ones without an addition. On a CPU the embedding and output
     * matrices keep a buffer of zeros, which passes add to: fresh memory of that size costs more there.
     */
    public void clearGradients() {
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            parameters.values().forEach(this::clearGradient);
        }
    }

    /** As {@link #clearGradients} does it, for one of the parameters. */
    public void clearGradient(Tensor parameter) {
        boolean isTable = parameter == decoder.embedding() || parameter == decoder.output();
        if (!isTable || !device().isCpu()) {
            parameter.clearGrad();
        } else if (parameter.hasGrad()) {
            parameter.grad().zero_();
        } else {
            parameter.setGrad(Tensors.zerosLike(parameter));
        }
    }

    /** Whether one of the names fits, in which * stands for anything. */
    public static boolean matches(List<String> patterns, String name) {
        return patterns.stream()
                .anyMatch(pattern -> Pattern.matches(Pattern.quote(pattern).replace("*", "\\E.*\\Q"), name));
    }
}
