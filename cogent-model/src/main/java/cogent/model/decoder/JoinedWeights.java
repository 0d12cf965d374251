package cogent.model.decoder;

import cogent.model.hf.LinearAttention;
import cogent.model.hf.ModelConfig;
import cogent.model.hf.ParameterShapes;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Matrices of the same input that lie one below the other: each parameter is a view of its rows, the whole a view of all. So one
 * product computes them together, without a copy, and training moves them one by one.
 */
final class JoinedWeights {
    private JoinedWeights() {}

    /** Lays queries, keys and values of every layer together, and gate and up. */
    static void lay(ModelConfig config, Map<String, Tensor> parameters) {
        try (var _ = GradMode.off()) {
            for (int layer = 0; layer < config.layers(); layer++) {
                for (String kind : List.of(".weight", ".bias")) {
                    lay(parameters, layer, "self_attn.", config.projections().qkv(), kind);
                    lay(parameters, layer, ParameterShapes.LINEAR, LinearAttention.PROJECTIONS, kind);
                    lay(parameters, layer, "mlp.", config.projections().gateUp(), kind);
                }
            }
        }
    }

    private static void lay(Map<String, Tensor> parameters, int layer, String part, List<String> names, String kind) {
        List<String> all = names.stream()
                .map(name -> ParameterShapes.layer(layer, part + name + kind))
                .toList();
        if (all.size() < 2 || !parameters.keySet().containsAll(all)) {
            return;
        }
        Scope.run(() -> {
            List<Tensor> parts = all.stream()
                    .map(name -> Objects.requireNonNull(parameters.get(name)))
                    .toList();
            Tensor whole = Tensors.cat(parts, 0);
            long at = 0;
            for (int i = 0; i < parts.size(); i++) {
                long rows = parts.get(i).size(0);
                parameters.put(all.get(i), whole.narrow(0, at, rows).retained());
                parts.get(i).close();
                at += rows;
            }
        });
    }

    /** One layer that computes what these do side by side; none where they do not lie together, or are adapted. */
    static @Nullable Linear of(List<Linear> layers) {
        if (layers.size() < 2 || layers.stream().anyMatch(layer -> layer.lowRank() != null)) {
            return null;
        }
        List<Tensor> biases =
                layers.stream().map(Linear::bias).flatMap(Stream::ofNullable).toList();
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            Tensor weight = Tensors.together(layers.stream().map(Linear::weight).toList());
            Tensor bias = biases.size() < layers.size() ? null : Tensors.together(biases);
            boolean whole = weight != null && (biases.isEmpty() || bias != null);
            return weight == null || !whole
                    ? null
                    : new Linear(
                            weight.retained(),
                            bias == null ? null : bias.retained(),
                            null,
                            layers.getFirst().products());
        }
    }
}
