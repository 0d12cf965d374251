package cogent.train;

import cogent.tensor.Nn;
import cogent.tensor.Scope;
import cogent.tensor.Tensor;
import cogent.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A decoder small enough to check by hand: one attention layer of one head, then a norm. */
final class ToyStudent implements Student {
    static final int VOCABULARY = 17;
    private static final int WIDTH = 8;

    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private final boolean tied;

    ToyStudent(boolean tied) {
        this.tied = tied;
        add("embed", VOCABULARY, WIDTH);
        add("proj", WIDTH, WIDTH);
        add("norm", WIDTH);
        if (!tied) {
            add("head", VOCABULARY, WIDTH);
        }
    }

    private void add(String name, long... shape) {
        try (Scope _ = Scope.open()) {
            Tensor values = Tensors.randn(name.hashCode(), shape).mul_(0.7);
            parameters.put(name, values.retained().requiresGrad(true));
        }
    }

    @Override
    public Map<String, Tensor> parameters() {
        return parameters;
    }

    @Override
    public Tensor embedding() {
        return parameters.get("embed");
    }

    @Override
    public Tensor output() {
        return parameters.get(tied ? "embed" : "head");
    }

    @Override
    public Tensor hidden(Tensor embedded, int[] lengths) {
        List<Tensor> sequences = new ArrayList<>();
        long at = 0;
        for (int length : lengths) {
            Tensor x = embedded.narrow(0, at, length);
            Tensor q = Nn.linear(x, parameters.get("proj"), null).unsqueeze(0).unsqueeze(0);
            Tensor seen = Nn.attention(q, q, x.unsqueeze(0).unsqueeze(0), null, true);
            sequences.add(x.add(seen.squeeze(0).squeeze(0)));
            at += length;
        }
        return Nn.rmsNorm(Tensors.cat(sequences, 0), parameters.get("norm"), 1e-6);
    }

    /** The usual way: logits of everything, autograd through everything. */
    Tensor logProbs(Packed packed) {
        Tensor embedded = Nn.embedding(embedding(), Tensors.of(packed.ids(), packed.ids().length));
        Tensor logits = Nn.linear(hidden(embedded, packed.lengths()), output(), null);
        Tensor positions = Tensors.of(packed.positions(), packed.positions().length);
        Tensor targets = Tensors.of(packed.targets(), packed.targets().length);
        return Nn.logSoftmax(logits, 1)
                .indexSelect(0, positions)
                .gather(1, targets.unsqueeze(1))
                .squeeze(1);
    }

    /** Rows that a model can learn: the completion counts up from the prompt's last token. */
    static List<Example> rows(int count) {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] prompt = new int[1 + i % 3];
            for (int j = 0; j < prompt.length; j++) {
                prompt[j] = (5 * i + 3 * j) % VOCABULARY;
            }
            int[] completion = new int[1 + i % 5];
            for (int j = 0; j < completion.length; j++) {
                completion[j] = (prompt[prompt.length - 1] + 1 + j) % VOCABULARY;
            }
            rows.add(new Example("row-" + i, prompt, completion));
        }
        return rows;
    }

    static Map<String, float[]> values(Map<String, Tensor> tensors) {
        Map<String, float[]> values = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> values.put(name, tensor.toFloats()));
        return values;
    }
}
