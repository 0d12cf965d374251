package cogent.train;

import cogent.data.Gap;
import cogent.model.decoder.LanguageModel;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.LibTorch;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import cogent.train.forward.PackedRows;
import cogent.train.loop.TrainFiles;
import cogent.train.rows.Example;
import cogent.train.rows.PairExample;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A language model of a few thousand weights and rows that it can learn. */
public final class Tiny {
    static final int VOCABULARY = 17;

    static {
        // so little work that a second thread only waits, and longer where others use the machine
        LibTorch.threads(1);
    }

    private Tiny() {}

    public static LanguageModel model(boolean tied) {
        return model(tied, 7);
    }

    public static LanguageModel model(boolean tied, long seed) {
        String json = """
                {"architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "vocab_size": %d, "hidden_size": 16,
                 "intermediate_size": 24, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
                 "rms_norm_eps": 1e-6, "rope_theta": 10000.0, "tie_word_embeddings": %s, "hidden_act": "silu",
                 "max_position_embeddings": 64, "initializer_range": 0.3, "torch_dtype": "float32"}
                """.formatted(VOCABULARY, tied);
        return LanguageModel.create(ModelConfig.of(Oracle.JSON.readTree(json)), seed);
    }

    /** The usual way: logits of everything. */
    public static Tensor logProbs(LanguageModel model, Tensor hidden, PackedRows rows) {
        Tensor logits = Nn.linear(hidden, model.decoder().output(), null);
        Tensor positions = Tensors.of(rows.positions(), rows.positions().length);
        Tensor targets = Tensors.of(rows.targets(), rows.targets().length);
        return Nn.logSoftmax(logits, 1)
                .indexSelect(0, positions)
                .gather(1, targets.unsqueeze(1))
                .squeeze(1);
    }

    /** Rows that a model can learn: the completion counts up from the prompt's last token. */
    public static List<Example> rows(int count) {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] prompt = new int[1 + i % 3];
            for (int j = 0; j < prompt.length; j++) {
                prompt[j] = (5 * i + 3 * j) % VOCABULARY;
            }
            rows.add(new Example("row-" + i, prompt, counting(prompt[prompt.length - 1], 1, 1 + i % 5)));
        }
        return rows;
    }

    /** Pairs of all gaps: chosen counts up by one, rejected by two. */
    public static List<PairExample> pairs(int count) {
        List<PairExample> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Example row = rows(count).get(i);
            int last = row.prompt()[row.prompt().length - 1];
            Gap gap = List.of(Gap.SMALL, Gap.MEDIUM, Gap.LARGE).get(i % 3);
            double beta = List.of(0.1, 0.2, 0.5).get(i % 3);
            pairs.add(new PairExample(
                    "pair-" + i, row.prompt(), row.completion(), counting(last, 2, 1 + i % 4), beta, gap));
        }
        return pairs;
    }

    private static int[] counting(int from, int by, int length) {
        int[] ids = new int[length];
        for (int j = 0; j < length; j++) {
            ids[j] = (from + by * (1 + j)) % VOCABULARY;
        }
        return ids;
    }

    public static Map<String, float[]> values(LanguageModel model) {
        Map<String, float[]> values = new LinkedHashMap<>();
        model.parameters().forEach((name, tensor) -> values.put(name, tensor.toFloats()));
        return values;
    }

    /** The lines of a run's {@code metrics.jsonl}. */
    public static List<JsonNode> metrics(TrainFiles files) throws IOException {
        return Files.readAllLines(files.metrics()).stream()
                .map(Oracle.JSON::readTree)
                .toList();
    }
}
