package cogent.bench;

import cogent.model.decoder.LanguageModel;
import cogent.model.generate.Generation;
import cogent.model.hf.ModelConfig;
import cogent.model.hf.ParameterShapes;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.LibTorch;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import cogent.train.forward.MachineSpeed;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Generation and loading of a model of Qwen2.5-0.5B's shape with random weights, beside this machine's own limits in the
 * same run: decoding in fp32 and in bf16 against the time that reading the weights once takes, prefill against the matrix
 * product's peak, loading against {@code cat}.
 *
 * <p>Arguments: layers (default 24: 494 M parameters, 4 GB of memory), threads (default all).
 */
public final class GenerationSpeed {
    private static final PrintStream OUT = System.out;
    private static final int PROMPT = 64;
    private static final int NEW_TOKENS = 17;
    private static final int PREFILL = 1024;

    private GenerationSpeed() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        int layers = args.length > 0 ? Integer.parseInt(args[0]) : 24;
        LibTorch.threads(
                args.length > 1
                        ? Integer.parseInt(args[1])
                        : Runtime.getRuntime().availableProcessors());
        MachineSpeed machine = MachineSpeed.measure(Device.CPU, DType.F32, Duration.ofSeconds(2));
        OUT.printf(
                "machine   %d threads, %s   GEMM peak %.0f GFLOP/s   copy %.1f GB/s%n",
                LibTorch.threads(), LibTorch.blas(), machine.gemmFlops() / 1e9, machine.copyBytes() / 1e9);
        ModelConfig config = config(layers);
        Path folder = Files.createTempDirectory("cogent-bench");
        try {
            double read = readBytes();
            OUT.printf("          read %.1f GB/s%n", read / 1e9);
            try (LanguageModel model = LanguageModel.create(config, 1)) {
                OUT.printf("model     %d layers, %,d parameters%n", layers, ParameterShapes.count(config));
                model.save(folder.resolve("m"), DType.BF16, null);
            }
            for (DType dtype : new DType[] {DType.F32, DType.BF16}) {
                try (LanguageModel model = LanguageModel.load(folder.resolve("m"), Device.CPU, dtype)) {
                    OUT.println(dtype);
                    if (dtype == DType.F32) {
                        prefill(model, machine);
                    }
                    for (int batch : new int[] {1, 2, 4, 8, 16, 32}) {
                        decode(model, dtype, read, batch);
                    }
                }
            }
            load(folder.resolve("m"));
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static ModelConfig config(int layers) {
        ObjectNode json = JsonMapper.shared()
                .createObjectNode()
                .put("hidden_size", 896)
                .put("intermediate_size", 4864)
                .put("num_hidden_layers", layers)
                .put("num_attention_heads", 14)
                .put("num_key_value_heads", 2)
                .put("vocab_size", 151_936)
                .put("max_position_embeddings", 2048)
                .put("rope_theta", 1e6)
                .put("tie_word_embeddings", true)
                .put("torch_dtype", "bfloat16");
        json.putArray("architectures").add("Qwen2ForCausalLM");
        return ModelConfig.of(json);
    }

    /** One prompt; its logits are computed for the last position alone, as the generator does. */
    private static void prefill(LanguageModel model, MachineSpeed machine) {
        ModelConfig c = model.config();
        double matrices = ParameterShapes.count(c) - (double) c.vocabSize() * c.hiddenSize();
        double attention = 2.0 * c.layers() * c.heads() * c.headDim() * PREFILL * (PREFILL + 1.0);
        double flops = 2 * matrices * PREFILL + attention + 2.0 * c.vocabSize() * c.hiddenSize();
        double seconds = Double.POSITIVE_INFINITY;
        for (int i = 0; i < 3; i++) {
            seconds = Math.min(seconds, run(model, 1, PREFILL, 1).first());
        }
        OUT.printf(
                "prefill   %d tokens   %.2f s   %.0f tok/s   %.0f GFLOP/s   %.0f %% of GEMM peak%n",
                PREFILL,
                seconds,
                PREFILL / seconds,
                flops / seconds / 1e9,
                100 * flops / seconds / machine.gemmFlops());
    }

    /** Bytes a second of reading what no cache holds: the sum of a large tensor, the best of many. */
    private static double readBytes() {
        long floats = 1L << 26;
        double best = Double.POSITIVE_INFINITY;
        try (Scope _ = Scope.open()) {
            Tensor large = Tensors.zeros(DType.F32, floats);
            for (int i = 0; i < 40; i++) {
                long start = System.nanoTime();
                large.sum();
                best = Math.min(best, (System.nanoTime() - start) / 1e9);
            }
        }
        return floats * Float.BYTES / best;
    }

    /** The median of some tries; every step reads every weight once. */
    private static void decode(LanguageModel model, DType dtype, double read, int batch) {
        double[] steps = new double[5];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = run(model, batch, PROMPT, NEW_TOKENS).afterFirst() / (NEW_TOKENS - 1);
        }
        Arrays.sort(steps);
        double seconds = steps[steps.length / 2];
        double bytes = (double) dtype.bytes() * ParameterShapes.count(model.config());
        OUT.printf(
                "decode    batch %2d   %.1f ms/step (%.1f to %.1f)   %.1f tok/s   weights at %.1f GB/s, %.0f %% of the read bandwidth%n",
                batch,
                1e3 * seconds,
                1e3 * steps[0],
                1e3 * steps[steps.length - 1],
                batch / seconds,
                bytes / seconds / 1e9,
                100 * bytes / seconds / read);
    }

    private static TimedGeneration run(LanguageModel model, int batch, int prompt, int tokens) {
        List<Generation> requests = IntStream.range(0, batch)
                .mapToObj(row -> Generation.greedy(
                        IntStream.range(0, prompt)
                                .map(i -> 1 + 37 * i + 101 * row)
                                .toArray(),
                        tokens,
                        Set.of()))
                .toList();
        return TimedGeneration.of(model, requests);
    }

    /** From the page cache both: what is compared is our own work, not the disk. */
    private static void load(Path directory) throws IOException, InterruptedException {
        Path file = directory.resolve("model.safetensors");
        double cat = Double.POSITIVE_INFINITY;
        double fp32 = Double.POSITIVE_INFINITY;
        double mapped = Double.POSITIVE_INFINITY;
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            Process process = new ProcessBuilder("cat", file.toString()).start();
            process.getInputStream().transferTo(OutputStream.nullOutputStream());
            process.waitFor();
            cat = Math.min(cat, (System.nanoTime() - start) / 1e9);
            start = System.nanoTime();
            LanguageModel.load(directory).close();
            fp32 = Math.min(fp32, (System.nanoTime() - start) / 1e9);
            start = System.nanoTime();
            LanguageModel.mapped(directory).close();
            mapped = Math.min(mapped, (System.nanoTime() - start) / 1e9);
        }
        OUT.printf(
                "load      %.2f GB of bf16   to fp32 %.2f s   as stored, mapped %.3f s   cat %.2f s%n",
                Files.size(file) / 1e9, fp32, mapped, cat);
    }
}
