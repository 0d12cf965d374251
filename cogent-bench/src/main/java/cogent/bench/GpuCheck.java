package cogent.bench;

import cogent.model.decoder.LanguageModel;
import cogent.model.generate.Generation;
import cogent.model.generate.Generation.Completion;
import cogent.model.generate.Generator;
import cogent.model.generate.Sampler;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.CudaGraph;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.DeviceMemory;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import cogent.train.forward.BatchLayout;
import cogent.train.forward.CompletionPass;
import cogent.train.forward.PackedRows;
import cogent.train.forward.TrainableModel;
import cogent.train.rows.PairExample;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whether a GPU computes what the CPU does: scores and gradients of pairs that share their prompts, of ever other lengths, with and
 * without a sliding window, and with gated delta rules, in fp32 and bf16, held against fp32 on the CPU.
 */
public final class GpuCheck {
    private static final PrintStream OUT = System.out;

    private GpuCheck() {}

    public static void main(String[] args) throws IOException {
        recorded();
        for (Map.Entry<String, ModelConfig> shape : shapes().entrySet()) {
            Path folder = Files.createTempDirectory("cogent-check").resolve("model");
            try (LanguageModel model = LanguageModel.create(shape.getValue(), 1)) {
                model.save(folder, DType.F32, null);
            }
            texts(folder, shape.getKey());
            for (BatchLayout layout : List.of(BatchLayout.PACKED, BatchLayout.SHARED)) {
                Values cpu = values(folder, Device.CPU, DType.F32, layout);
                for (DType dtype : List.of(DType.F32, DType.BF16)) {
                    Values gpu = values(folder, Device.named("cuda"), dtype, layout);
                    double gradients = cpu.gradients.entrySet().stream()
                            .mapToDouble(
                                    e -> distance(gpu.gradients.getOrDefault(e.getKey(), new float[0]), e.getValue()))
                            .max()
                            .orElseThrow();
                    OUT.printf(
                            Locale.ROOT,
                            "%s, %s, %s: relative error of the scores %.1e, of the worst gradient %.1e%n",
                            shape.getKey(),
                            layout,
                            dtype,
                            distance(gpu.logps, cpu.logps),
                            gradients);
                }
            }
        }
    }

    /** Whether recorded work, launched again, computes from what its inputs hold then. */
    private static void recorded() {
        Device gpu = Device.named("cuda");
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            Tensor x = Tensors.zeros(gpu, DType.F32, 4).add(1.0);
            try (CudaGraph graph =
                    CudaGraph.of(gpu, () -> Nn.softmax(x.mul(3.0), 0).mul(x).add(0.5))) {
                x.copy_(Tensors.of(new float[] {0, 1, 2, 3}, 4));
                graph.launch();
                Tensor want = Nn.softmax(x.mul(3.0), 0).mul(x).add(0.5);
                double off = want.sub(graph.result()).abs().max().item();
                OUT.printf(Locale.ROOT, "recorded work of %d launches: off by %.1e%n", graph.nodes(), off);
            }
        }
    }

    /** Whether texts of many lengths, written together by recorded steps, are those of the CPU; and what memory they leave held. */
    private static void texts(Path folder, String shape) {
        Map<Device, List<Completion>> texts = new LinkedHashMap<>();
        for (Device device : List.of(Device.CPU, Device.named("cuda"))) {
            try (LanguageModel model = LanguageModel.load(folder, device, DType.F32)) {
                List<Generation> requests = IntStream.range(0, 24)
                        .mapToObj(i -> new Generation(
                                IntStream.range(0, 2 + 3 * i)
                                        .map(t -> (7 + 31 * t + 101 * i) % 512)
                                        .toArray(),
                                10 + 9 * (i % 5),
                                i % 2 == 0 ? Sampler.GREEDY : Sampler.at(0.7),
                                Set.of(),
                                i))
                        .toList();
                texts.put(device, new Generator(model.decoder(), 10).generate(requests));
                if (!device.isCpu()) {
                    long before = DeviceMemory.of(device).reserved();
                    for (int i = 0; i < 3; i++) {
                        new Generator(model.decoder(), 10).generate(requests);
                    }
                    OUT.printf(
                            "memory held after more texts: %+d MiB%n",
                            (DeviceMemory.of(device).reserved() - before) >> 20);
                }
            }
        }
        List<Completion> cpu = texts.values().iterator().next();
        List<Completion> gpu = List.copyOf(texts.values()).getLast();
        long same = IntStream.range(0, cpu.size())
                .filter(i -> Arrays.equals(cpu.get(i).ids(), gpu.get(i).ids()))
                .count();
        OUT.printf("%s: %d of %d texts are those of the CPU%n", shape, same, cpu.size());
    }

    private static Map<String, ModelConfig> shapes() {
        return Map.of(
                "window 4096", config("MistralForCausalLM", 4096),
                "window 24", config("MistralForCausalLM", 24),
                "gated delta rules", config("Qwen3_5ForCausalLM", 4096));
    }

    private static ModelConfig config(String architecture, int window) {
        return ModelConfig.of(JsonMapper.shared()
                .valueToTree(Map.ofEntries(
                        Map.entry("architectures", List.of(architecture)),
                        Map.entry("full_attention_interval", 3),
                        Map.entry("linear_num_key_heads", 4),
                        Map.entry("linear_num_value_heads", 8),
                        Map.entry("linear_key_head_dim", 64),
                        Map.entry("linear_value_head_dim", 64),
                        Map.entry("vocab_size", 512),
                        Map.entry("hidden_size", 256),
                        Map.entry("intermediate_size", 384),
                        Map.entry("num_hidden_layers", 3),
                        Map.entry("num_attention_heads", 4),
                        Map.entry("num_key_value_heads", 2),
                        Map.entry("sliding_window", window),
                        Map.entry("rms_norm_eps", 1e-6),
                        Map.entry("rope_theta", 1e4),
                        Map.entry("hidden_act", "silu"),
                        Map.entry("max_position_embeddings", 4096),
                        Map.entry("initializer_range", 0.05),
                        Map.entry("torch_dtype", "float32"),
                        Map.entry("tie_word_embeddings", true))));
    }

    /** Scores, and the parameters' gradients by name. */
    @SuppressWarnings("ArrayRecordComponent") // read at once
    private record Values(float[] logps, Map<String, float[]> gradients) {}

    private static Values values(Path folder, Device device, DType compute, BatchLayout layout) {
        Random random = new Random(5);
        List<PairExample> pairs = new ArrayList<>();
        for (int[] n : new int[][] {{7, 90, 33}, {40, 1, 64}, {3, 17, 5}}) {
            pairs.add(TrainSpeed.Shapes.pair(random, n[0], n[1], n[2], 512));
        }
        PackedRows rows = PackedRows.ofPairs(pairs, layout);
        float[] weights = new float[rows.targets().length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextGaussian();
        }
        Map<String, float[]> gradients = new LinkedHashMap<>();
        try (LanguageModel model = LanguageModel.load(folder, device, DType.F32);
                Scope _ = Scope.open()) {
            TrainableModel trainee = TrainableModel.all(model).computing(compute);
            trainee.gradientsOn();
            trainee.clearGradients();
            CompletionPass pass = new CompletionPass(trainee.decoder(), rows, 0);
            float[] logps = pass.score().logps();
            pass.backward(weights);
            for (Map.Entry<String, Tensor> parameter : trainee.parameters().entrySet()) {
                gradients.put(parameter.getKey(), parameter.getValue().grad().toFloats());
            }
            trainee.gradientsOff();
            return new Values(logps, gradients);
        }
    }

    /** ‖got − want‖ / ‖want‖. */
    private static double distance(float[] got, float[] want) {
        double off = 0;
        double all = 0;
        for (int i = 0; i < want.length; i++) {
            off += Math.pow((double) got[i] - want[i], 2);
            all += Math.pow(want[i], 2);
        }
        return Math.sqrt(off / all);
    }
}
