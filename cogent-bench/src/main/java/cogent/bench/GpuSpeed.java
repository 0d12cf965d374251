package cogent.bench;

import cogent.data.Sha256;
import cogent.model.decoder.LanguageModel;
import cogent.model.decoder.Lora;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.DeviceMemory;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Numerics;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.train.forward.BatchLayout;
import cogent.train.forward.CompletionPass;
import cogent.train.forward.Compute;
import cogent.train.forward.MachineSpeed;
import cogent.train.forward.PackedRows;
import cogent.train.forward.TrainableModel;
import cogent.train.forward.Work;
import cogent.train.loop.PairBatch;
import cogent.train.optim.AdamW;
import cogent.train.optim.OptimiserSettings;
import cogent.train.rows.Digests;
import cogent.train.rows.Example;
import cogent.train.rows.PairExample;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Training steps on a GPU, held against its matrix peak in the same process; {@code tools/peers/torch_step.py} does the same work in
 * PyTorch. Random weights in the shapes of Qwen2.5. Arguments name what to measure:
 *
 * <pre>peak sft sft-fp32 sft-tf32 sft-1.5b cogpo real real-pairs lora-1.5b deterministic</pre>
 */
public final class GpuSpeed {
    private static final PrintStream OUT = System.out;
    private static final Device GPU = Device.named("cuda");
    private static final int VOCABULARY = 151_000;
    private static final int WARM = 20;
    private static final int TIMED = 10;

    /** Tokens of a batch of real lengths, as many as the equal ones have. */
    private static final int REAL_TOKENS = 16_384;

    private final Path folder;
    private final Map<ModelConfig, Path> saved = new LinkedHashMap<>();

    private GpuSpeed(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] args) throws IOException {
        GpuSpeed speed = new GpuSpeed(Files.createTempDirectory("cogent-gpu"));
        for (String name : args) {
            try {
                speed.measure(name);
            } catch (RuntimeException e) {
                OUT.println(name + " failed: " + e); // the others are still worth their time
            }
        }
    }

    private void measure(String name) throws IOException {
        ModelConfig half = TrainSpeed.Shapes.half();
        ModelConfig larger = TrainSpeed.Shapes.config(28, 1536, 8960, 12, 2, 151_936, true);
        switch (name) {
            case "peak" -> {
                peak(DType.F32);
                peak(DType.BF16);
            }
            case "sft" -> sft("0.5B SFT bf16, 8 x 1024", half, DType.BF16);
            case "sft-fp32" -> sft("0.5B SFT fp32, 8 x 1024", half, DType.F32);
            case "sft-tf32" -> with(new Numerics(true, false), () -> sft("0.5B SFT tf32, 8 x 1024", half, DType.F32));
            case "sft-1.5b" -> sft("1.5B SFT bf16, 8 x 1024", larger, DType.BF16);
            case "cogpo" -> cogpo("0.5B CogPO bf16, 8 pairs of 64 + 440/440", half, DType.BF16);
            case "real" -> real(half);
            case "lora-1.5b" -> lora(larger);
            case "deterministic" -> deterministic(half);
            default -> throw new IllegalArgumentException("no benchmark " + name);
        }
    }

    /** What the user may choose for all of the process. */
    private interface Task {
        void run() throws IOException;
    }

    private static void with(Numerics numerics, Task task) throws IOException {
        numerics.apply();
        try {
            task.run();
        } finally {
            Numerics.STANDARD.apply();
        }
    }

    private static void peak(DType dtype) {
        MachineSpeed speed = MachineSpeed.measure(GPU, dtype, Duration.ofMillis(300));
        OUT.printf(
                Locale.ROOT,
                "peak %s %.0f TFLOP/s, copy %.0f GB/s%n",
                dtype,
                speed.gemmFlops() / 1e12,
                speed.copyBytes() / 1e9);
    }

    /** Made once a process on the CPU, and saved in BF16 as published models are. */
    private LanguageModel model(ModelConfig config, DType matrices) throws IOException {
        Path at = saved.get(config);
        if (at == null) {
            at = folder.resolve("model-" + saved.size());
            try (LanguageModel model = LanguageModel.create(config, 1)) {
                model.save(at, DType.BF16, null);
            }
            saved.put(config, at);
        }
        return LanguageModel.load(at, GPU, matrices, DType.F32);
    }

    private void sft(String title, ModelConfig config, DType compute) throws IOException {
        PackedRows rows = PackedRows.of(TrainSpeed.Shapes.rows(8, 1, 1024, VOCABULARY), BatchLayout.PACKED);
        try (LanguageModel model = model(config, DType.F32)) {
            TrainableModel trainee = TrainableModel.all(model).computing(compute);
            time(title, trainee, () -> step(trainee, rows));
        }
    }

    private static Work step(TrainableModel trainee, PackedRows rows) {
        try (Scope _ = Scope.open()) {
            float[] weights = new float[rows.targets().length];
            Arrays.fill(weights, -1f / weights.length);
            new CompletionPass(trainee.decoder(), rows, 0).backward(weights);
            return rows.work();
        }
    }

    private void cogpo(String title, ModelConfig config, DType compute) throws IOException {
        Random random = new Random(1);
        List<PairExample> pairs = IntStream.range(0, 8)
                .mapToObj(_ -> TrainSpeed.Shapes.pair(random, 64, 440, 440, VOCABULARY))
                .toList();
        try (LanguageModel model = model(config, DType.F32)) {
            TrainableModel trainee = TrainableModel.all(model).computing(compute);
            PairBatch batch =
                    TrainSpeed.batch(trainee.decoder(), new Compute(REAL_TOKENS, BatchLayout.SHARED, 0), pairs);
            int[] all = IntStream.range(0, pairs.size()).toArray();
            time(title, trainee, () -> batch.backward(all, (_, _, _) -> {}));
        }
    }

    /** Batches as long as real rationales are, never two alike, beside as many tokens of equal length. */
    private void real(ModelConfig config) throws IOException {
        Random random = new Random(7);
        try (LanguageModel model = model(config, DType.F32)) {
            TrainableModel trainee = TrainableModel.all(model).computing(DType.BF16);
            PackedRows equal = PackedRows.of(TrainSpeed.Shapes.rows(16, 1, 1024, VOCABULARY), BatchLayout.PACKED);
            time("0.5B SFT bf16, 16 x 1024", trainee, () -> step(trainee, equal));
            time("0.5B SFT bf16, real lengths", trainee, () -> step(trainee, realRows(random)));
            time("0.5B CogPO bf16, real lengths", trainee, () -> {
                List<PairExample> pairs = realPairs(random);
                PairBatch batch =
                        TrainSpeed.batch(trainee.decoder(), new Compute(REAL_TOKENS, BatchLayout.SHARED, 0), pairs);
                return batch.backward(IntStream.range(0, pairs.size()).toArray(), (_, _, _) -> {});
            });
        }
    }

    private static PackedRows realRows(Random random) {
        List<Example> rows = new ArrayList<>();
        int tokens = 0;
        while (true) {
            int length = Lengths.completion(random);
            if (!rows.isEmpty() && tokens + length > REAL_TOKENS) {
                return PackedRows.of(rows, BatchLayout.PACKED);
            }
            rows.addAll(TrainSpeed.Shapes.rows(1, Lengths.prompt(random), length, VOCABULARY));
            tokens += length;
        }
    }

    private static List<PairExample> realPairs(Random random) {
        List<PairExample> pairs = new ArrayList<>();
        int tokens = 0;
        while (true) {
            int chosen = Lengths.completion(random);
            int rejected = Lengths.completion(random);
            if (!pairs.isEmpty() && tokens + chosen + rejected > REAL_TOKENS) {
                return pairs;
            }
            pairs.add(TrainSpeed.Shapes.pair(random, Lengths.prompt(random), chosen, rejected, VOCABULARY));
            tokens += chosen + rejected;
        }
    }

    private void lora(ModelConfig config) throws IOException {
        PackedRows rows = PackedRows.of(TrainSpeed.Shapes.rows(8, 1, 1024, VOCABULARY), BatchLayout.PACKED);
        Set<String> all = Lora.Settings.ALL_LINEAR;
        try (LanguageModel model = model(config, DType.BF16);
                Lora lora = Lora.create(model, new Lora.Settings(16, 32, false, 0, all), 1)) {
            TrainableModel trainee = TrainableModel.adapter(model, lora).computing(DType.BF16);
            time("1.5B LoRA bf16, base in bf16, 8 x 1024", trainee, () -> step(trainee, rows));
        }
    }

    /** What equal bits cost, and whether they are equal. */
    private void deterministic(ModelConfig config) throws IOException {
        for (Numerics numerics : List.of(Numerics.STANDARD, new Numerics(false, true))) {
            with(numerics, () -> {
                String first = weightsAfter(config, numerics);
                boolean same = first.equals(weightsAfter(config, numerics));
                OUT.printf("%s: two equal runs end %s%n", numerics, same ? "with equal weights" : "differently");
            });
        }
    }

    private String weightsAfter(ModelConfig config, Numerics numerics) throws IOException {
        Random random = new Random(7);
        List<PackedRows> batches =
                IntStream.range(0, WARM + TIMED).mapToObj(_ -> realRows(random)).toList();
        try (LanguageModel model = model(config, DType.F32)) {
            TrainableModel trainee = TrainableModel.all(model).computing(DType.BF16);
            int[] at = {0};
            time("0.5B SFT bf16, real lengths, " + numerics, trainee, () -> step(trainee, batches.get(at[0]++)));
            return Sha256.hex(Digests.of(model.parameters()));
        }
    }

    /** Whole steps: gradients, clipping, AdamW. */
    private static void time(String title, TrainableModel trainee, Supplier<Work> gradients) {
        trainee.gradientsOn();
        DType compute = trainee.decoder().compute();
        double peak = MachineSpeed.measure(GPU, compute, Duration.ofMillis(100)).gemmFlops();
        DeviceMemory.forgetPeak(GPU);
        try (AdamW adamW = new AdamW(trainee.parameters(), OptimiserSettings.of(1e-5))) {
            double[] seconds = new double[TIMED];
            double optimiser = 0;
            Work all = Work.NONE;
            for (int i = -WARM; i < TIMED; i++) {
                long start = System.nanoTime();
                trainee.clearGradients();
                Work work = gradients.get();
                wait(trainee);
                long moved = System.nanoTime();
                adamW.clip(adamW.norm());
                adamW.step(1e-5);
                wait(trainee);
                if (i >= 0) {
                    seconds[i] = (System.nanoTime() - start) / 1e9;
                    optimiser += (System.nanoTime() - moved) / 1e9 / TIMED;
                    all = all.plus(work);
                }
            }
            double sum = Arrays.stream(seconds).sum();
            double[] sorted = Arrays.stream(seconds).sorted().toArray();
            OUT.printf(
                    Locale.ROOT,
                    "COGENT %-48s %7.1f ms a step (best %.1f), %6.0f tok/s, %.0f %% of %.0f TFLOP/s, optimiser %.1f ms, peak %.1f GiB%n",
                    title,
                    1e3 * sorted[TIMED / 2],
                    1e3 * sorted[0],
                    all.tokens() / sum,
                    100 * all.flops(trainee.config(), trainee.trained()) / sum / peak,
                    peak / 1e12,
                    1e3 * optimiser,
                    DeviceMemory.of(GPU).peak() / (double) (1 << 30));
        }
        trainee.gradientsOff();
    }

    /** A GPU works behind the program's back until a value is asked for. */
    private static void wait(TrainableModel trainee) {
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            Tensor any = trainee.parameters().firstEntry().getValue();
            double _ = any.detach().reshape(-1).select(0, 0).item();
        }
    }
}
