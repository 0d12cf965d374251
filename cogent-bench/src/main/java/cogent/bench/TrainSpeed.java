package cogent.bench;

import cogent.model.decoder.Decoder;
import cogent.model.decoder.LanguageModel;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.LibTorch;
import cogent.model.tensor.Tensor;
import cogent.train.forward.BatchLayout;
import cogent.train.forward.Compute;
import cogent.train.forward.MachineSpeed;
import cogent.train.forward.PackedRows;
import cogent.train.forward.ProcessMemory;
import cogent.train.forward.TrainableModel;
import cogent.train.forward.Work;
import cogent.train.loop.AlignData;
import cogent.train.loop.AlignSettings;
import cogent.train.loop.PairBatch;
import cogent.train.loop.TrainSettings;
import cogent.train.optim.AdamW;
import cogent.train.optim.OptimiserSettings;
import cogent.train.rows.Example;
import cogent.train.rows.PairExample;
import cogent.train.state.ReferenceLogps;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/**
 * Training steps held against the machine: FLOP/s ÷ the peak of matrix products in the same process, peak memory ÷ that of
 * the naive way, useful tokens/s ÷ those of padded batches. Every measurement is a process of its own.
 *
 * <p>Without arguments all of them, in under ten minutes on two quiet cores; or the names of some: {@code tiny sft cogpo
 * bf16 memory lengths}. The 0.5B shape needs 14 GB.
 */
public final class TrainSpeed {
    private static final PrintStream OUT = System.out;

    private TrainSpeed() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        List<String> asked =
                args.length == 0 ? List.of("tiny", "smol", "sft", "cogpo", "bf16", "memory", "lengths") : List.of(args);
        for (String name : asked) {
            switch (name) {
                case "memory" -> {
                    child("memory-naive");
                    child("memory-ours");
                    child("memory-recomputed");
                }
                case "bf16" -> {
                    child("sft-bf16");
                    child("cogpo-bf16");
                }
                case "smol" -> {
                    child("smol-sft");
                    child("smol-cogpo");
                }
                case "tiny", "sft", "cogpo", "lengths" -> child(name);
                default -> inside(name.replaceFirst("^--", ""));
            }
        }
    }

    private static void inside(String name) {
        switch (name) {
            case "tiny" ->
                steps(
                        "playground size, SFT 64 x 60 tokens",
                        Shapes.playground(),
                        Shapes.rows(64, 18, 42, 60),
                        DType.F32,
                        8,
                        40);
            case "smol-sft" ->
                steps(
                        "SmolLM2-135M's shape, SFT 8 x 183 tokens",
                        Shapes.smol(),
                        Shapes.rows(8, 64, 119, 49_000),
                        DType.F32,
                        2,
                        5);
            case "smol-cogpo" ->
                align("SmolLM2-135M's shape, CogPO 2 pairs of 512 + 512", Shapes.smol(), 49_000, DType.F32, 5);
            case "sft" -> sft("SFT 1 x 1024", DType.F32);
            case "cogpo" ->
                align("Qwen2.5-0.5B shape, CogPO 2 pairs of 512 + 512", Shapes.half(), 151_000, DType.F32, 2);
            case "sft-bf16" -> sft("SFT 1 x 1024, bf16", DType.BF16);
            case "cogpo-bf16" ->
                align("Qwen2.5-0.5B shape, CogPO 2 pairs of 512 + 512, bf16", Shapes.half(), 151_000, DType.BF16, 2);
            case "memory-naive" -> memory("naive: padded, all logits at once, autograd", NaiveStep::run);
            case "memory-ours" -> memory("ours", model -> alignStep(model, new Compute(8192, BatchLayout.SHARED, 0)));
            case "memory-recomputed" ->
                memory("ours, recompute: 1", model -> alignStep(model, new Compute(8192, BatchLayout.SHARED, 1)));
            case "lengths" -> Lengths.compare(OUT);
            default -> throw new IllegalArgumentException("no benchmark " + name);
        }
    }

    private static void child(String name) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dorg.bytedeco.javacpp.maxBytes=0",
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                "-cp",
                System.getProperty("java.class.path"),
                TrainSpeed.class.getName(),
                "--" + name));
        ProcessBuilder process = new ProcessBuilder(command).inheritIO();
        // as ./cogent has it
        process.environment().putIfAbsent("MALLOC_ARENA_MAX", "1");
        process.environment().putIfAbsent("MALLOC_MMAP_THRESHOLD_", "17179869184");
        process.environment().putIfAbsent("MALLOC_TRIM_THRESHOLD_", "17179869184");
        process.start().waitFor();
    }

    /** Whole SFT steps: forward, head, backward, clipping, AdamW. */
    private static void steps(
            String title, ModelConfig config, List<Example> rows, DType compute, int warm, int timed) {
        try (LanguageModel model = LanguageModel.create(config, 1)) {
            TrainableModel trainee = TrainableModel.all(model).computing(compute);
            trainee.gradientsOn();
            PackedRows packed = PackedRows.of(rows, BatchLayout.PACKED);
            float[] weights = new float[packed.targets().length];
            Arrays.fill(weights, -1f / weights.length);
            Phases phases = new Phases();
            time(title, trainee, packed.work(), warm, timed, phases, () -> {
                SftStep.run(trainee.decoder(), packed, weights, phases);
            });
        }
    }

    private static void sft(String title, DType compute) {
        steps("Qwen2.5-0.5B shape, " + title, Shapes.half(), Shapes.rows(1, 1, 1024, 151_000), compute, 1, 2);
    }

    private static void align(String title, ModelConfig config, int vocabulary, DType compute, int timed) {
        List<PairExample> pairs = Shapes.pairs(vocabulary);
        try (LanguageModel model = LanguageModel.create(config, 1)) {
            TrainableModel trainee = TrainableModel.all(model).computing(compute);
            trainee.gradientsOn();
            PairBatch batch = batch(trainee.decoder(), new Compute(8192, BatchLayout.SHARED, 0), pairs);
            Work work = PackedRows.ofPairs(pairs, BatchLayout.SHARED).work();
            time(title, trainee, work, 1, timed, new Phases(), () -> batch.backward(new int[] {0, 1}, (_, _, _) -> {}));
        }
    }

    private static void time(
            String title, TrainableModel trainee, Work work, int warm, int timed, Phases phases, Runnable gradients) {
        DType compute = trainee.decoder().compute();
        double before = peak(compute);
        try (AdamW adamW = new AdamW(trainee.parameters(), OptimiserSettings.of(1e-4))) {
            double[] seconds = new double[warm + timed];
            for (int i = 0; i < seconds.length; i++) {
                if (i == warm) {
                    phases.reset();
                }
                long start = System.nanoTime();
                trainee.clearGradients();
                gradients.run();
                long optimiser = System.nanoTime();
                adamW.clip(adamW.norm());
                adamW.step(1e-4);
                phases.add("optimiser", optimiser);
                seconds[i] = (System.nanoTime() - start) / 1e9;
            }
            double[] sorted =
                    Arrays.stream(seconds, warm, seconds.length).sorted().toArray();
            double median = sorted[sorted.length / 2];
            double peak = Math.max(before, peak(compute));
            double flops = work.flops(trainee.decoder().config()) / median;
            OUT.printf(
                    Locale.ROOT,
                    "%-48s %8.1f ms a step (best %.1f)  %6.0f tok/s  %5.1f GFLOP/s of %5.1f = %3.0f %%   peak memory %,.0f MiB%n",
                    title,
                    median * 1e3,
                    sorted[0] * 1e3,
                    work.tokens() / median,
                    flops / 1e9,
                    peak / 1e9,
                    100 * flops / peak,
                    ProcessMemory.mib().getOrDefault("memory_peak_mib", Double.NaN));
            OUT.print(phases.text(timed));
        }
    }

    /** Six of the 24 layers, so that the naive way fits a machine of 16 GB. */
    private static void memory(String title, Consumer<LanguageModel> step) {
        try (LanguageModel model = LanguageModel.create(Shapes.half(6), 1)) {
            TrainableModel trainee = TrainableModel.all(model);
            trainee.gradientsOn();
            try (AdamW adamW = new AdamW(trainee.parameters(), OptimiserSettings.of(1e-4))) {
                trainee.clearGradients();
                step.accept(model);
                adamW.clip(adamW.norm());
                adamW.step(1e-4);
            }
            double state = 16.0
                    * model.parameters().values().stream()
                            .mapToLong(Tensor::numel)
                            .sum()
                    / (1 << 20);
            double whole = ProcessMemory.mib().getOrDefault("memory_peak_mib", Double.NaN);
            OUT.printf(
                    Locale.ROOT,
                    "memory of a CogPO step, %-45s peak %,.0f MiB; without weights, gradients and moments %,.0f MiB%n",
                    title,
                    whole,
                    whole - state);
        }
    }

    private static void alignStep(LanguageModel model, Compute compute) {
        batch(model.decoder(), compute, Shapes.pairs(151_000)).backward(new int[] {0, 1}, (_, _, _) -> {});
    }

    static PairBatch batch(Decoder policy, Compute compute, List<PairExample> pairs) {
        AlignSettings settings =
                AlignSettings.cogPo().withTrain(TrainSettings.align().withCompute(compute));
        int[] rows = IntStream.range(0, pairs.size()).toArray();
        // what the reference said decides the numbers, not their cost
        ReferenceLogps reference = ReferenceLogps.of(new double[2 * pairs.size()]);
        return new PairBatch(policy, new AlignData(pairs, reference), settings, rows, 1, Double.NaN);
    }

    static double peak(DType dtype) {
        return MachineSpeed.measure(Device.CPU, dtype, Duration.ofMillis(500)).gemmFlops();
    }

    static {
        // the threads that training would use
        LibTorch.threads(Runtime.getRuntime().availableProcessors());
    }

    /** Rows and models of the benchmarks. */
    static final class Shapes {
        private Shapes() {}

        static ModelConfig playground() {
            return config(4, 128, 384, 4, 2, 64, true);
        }

        static ModelConfig smol() {
            return config(30, 576, 1536, 9, 3, 49_152, true);
        }

        static ModelConfig half() {
            return half(24);
        }

        static ModelConfig half(int layers) {
            return config(layers, 896, 4864, 14, 2, 151_936, true);
        }

        static ModelConfig config(int layers, int d, int ff, int heads, int kvHeads, int vocabulary, boolean tied) {
            return ModelConfig.of(JsonMapper.shared()
                    .valueToTree(Map.ofEntries(
                            Map.entry("architectures", List.of("Qwen2ForCausalLM")),
                            Map.entry("model_type", "qwen2"),
                            Map.entry("vocab_size", vocabulary),
                            Map.entry("hidden_size", d),
                            Map.entry("intermediate_size", ff),
                            Map.entry("num_hidden_layers", layers),
                            Map.entry("num_attention_heads", heads),
                            Map.entry("num_key_value_heads", kvHeads),
                            Map.entry("rms_norm_eps", 1e-6),
                            Map.entry("rope_theta", 1e6),
                            Map.entry("hidden_act", "silu"),
                            Map.entry("max_position_embeddings", 32768),
                            Map.entry("initializer_range", 0.02),
                            Map.entry("torch_dtype", "float32"),
                            Map.entry("tie_word_embeddings", tied))));
        }

        static List<Example> rows(int count, int prompt, int completion, int vocabulary) {
            Random random = new Random(1);
            List<Example> rows = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                rows.add(new Example("row", ids(random, prompt, vocabulary), ids(random, completion, vocabulary)));
            }
            return rows;
        }

        /** Two pairs of about 512 + 512 tokens. */
        static List<PairExample> pairs(int vocabulary) {
            Random random = new Random(1);
            List<PairExample> pairs = new ArrayList<>();
            for (int[] lengths : new int[][] {{448, 432}, {464, 440}}) {
                pairs.add(pair(random, 64, lengths[0], lengths[1], vocabulary));
            }
            return pairs;
        }

        static PairExample pair(Random random, int prompt, int chosen, int rejected, int vocabulary) {
            return new PairExample(
                    "pair",
                    ids(random, prompt, vocabulary),
                    ids(random, chosen, vocabulary),
                    ids(random, rejected, vocabulary),
                    0.1,
                    null);
        }

        private static int[] ids(Random random, int length, int vocabulary) {
            return random.ints(length, 0, vocabulary).toArray();
        }
    }
}
