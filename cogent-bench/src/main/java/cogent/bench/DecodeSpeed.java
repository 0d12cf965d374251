package cogent.bench;

import cogent.model.decoder.Attention;
import cogent.model.decoder.CachedAttention;
import cogent.model.decoder.Decoder;
import cogent.model.decoder.KvCache;
import cogent.model.decoder.LanguageModel;
import cogent.model.generate.Generation;
import cogent.model.generate.Generation.Completion;
import cogent.model.generate.Generator;
import cogent.model.generate.Sampler;
import cogent.model.hf.ModelConfig;
import cogent.model.hf.ParameterShapes;
import cogent.model.tensor.CudaGraph;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.LibTorch;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import cogent.train.forward.MachineSpeed;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Decoding on any device: milliseconds of a step at several batch sizes, greedy, drawn and drawn from a nucleus, and how many
 * ragged texts come out together as they do alone.
 *
 * <p>Arguments: device (cpu), compute type (f32 or bf16), directory of a model ({@code -}: random weights of Qwen2.5-0.5B's shape),
 * batch sizes (1 32 on the CPU, 1 32 256 elsewhere).
 */
public final class DecodeSpeed {
    private static final PrintStream OUT = System.out;
    private static final int PROMPT = 64;
    private static final int TRIES = 3;

    private DecodeSpeed() {}

    public static void main(String[] args) throws IOException {
        Device device = Device.named(args.length > 0 ? args[0] : "cpu");
        DType compute = args.length > 1 ? DType.valueOf(args[1].toUpperCase(Locale.ROOT)) : DType.F32;
        List<String> batches = args.length > 3
                ? List.of(args).subList(3, args.length)
                : device.isCpu() ? List.of("1", "32") : List.of("1", "32", "256");
        Path directory;
        if (args.length > 2 && !args[2].equals("-")) {
            directory = Path.of(args[2]);
        } else {
            directory = Files.createTempDirectory("cogent-decode").resolve("half");
            try (LanguageModel made = LanguageModel.create(TrainSpeed.Shapes.half(), 1)) {
                made.save(directory, DType.BF16, null);
            }
        }
        try (LanguageModel model = LanguageModel.load(directory, device, compute)) {
            OUT.printf(
                    "decode    %s %s, %,d parameters, %d threads%n",
                    device.name(), compute, ParameterShapes.count(model.config()), LibTorch.threads());
            agreement(model);
            for (String batch : batches) {
                if (!device.isCpu()) {
                    bound(model, compute, Integer.parseInt(batch));
                }
                decode(model, compute, Integer.parseInt(batch), "greedy", Sampler.GREEDY);
                decode(model, compute, Integer.parseInt(batch), "temperature 1", Sampler.at(1));
                decode(model, compute, Integer.parseInt(batch), "top-p 0.95", new Sampler(1, 0, 0.95, 0));
            }
        }
    }

    /** Greedy texts of prompts of many lengths, of which some end early. */
    private static void agreement(LanguageModel model) {
        List<Generation> requests = IntStream.range(0, 12)
                .mapToObj(i -> Generation.greedy(prompt(model.config(), i, 3 + 7 * i), 8 + 5 * (i % 4), Set.of()))
                .toList();
        List<Completion> together = new Generator(model.decoder(), 8).generate(requests);
        long same = IntStream.range(0, requests.size())
                .filter(i -> Arrays.equals(
                        together.get(i).ids(),
                        new Generator(model.decoder(), 1)
                                .generate(List.of(requests.get(i)))
                                .getFirst()
                                .ids()))
                .count();
        OUT.printf("agreement %d of %d texts are the same together and alone%n", same, requests.size());
    }

    private static int[] prompt(ModelConfig config, int row, int length) {
        int most = Math.min(config.vocabSize(), 150_000);
        return IntStream.range(0, length)
                .map(i -> (1 + 37 * i + 101 * row) % most)
                .toArray();
    }

    private static void decode(LanguageModel model, DType compute, int batch, String title, Sampler sampler) {
        int steps = onCpu(model) ? 32 : 128;
        run(model, batch, 8, sampler);
        List<double[]> tries = IntStream.range(0, TRIES)
                .mapToObj(_ -> run(model, batch, steps, sampler))
                .sorted(Comparator.comparingDouble(DecodeSpeed::median))
                .toList();
        double step = median(tries.get(TRIES / 2));
        OUT.printf(
                Locale.ROOT,
                "decode    batch %3d   %-14s %8.2f ms/step (%.2f to %.2f; best %.2f; mean with preparations %.2f)   %8.1f tok/s"
                        + "   weights at %.1f GB/s%n",
                batch,
                title,
                1e3 * step,
                1e3 * median(tries.getFirst()),
                1e3 * median(tries.getLast()),
                1e3 * tries.stream().flatMapToDouble(Arrays::stream).min().orElseThrow(),
                1e3 * Arrays.stream(tries.get(TRIES / 2)).average().orElseThrow(),
                batch / step,
                (double) compute.bytes() * ParameterShapes.count(model.config()) / step / 1e9);
    }

    private static boolean onCpu(LanguageModel model) {
        return model.decoder().embedding().device().isCpu();
    }

    private static double median(double[] seconds) {
        return Arrays.stream(seconds).sorted().toArray()[seconds.length / 2];
    }

    /** Seconds of each step, from the last text's token to its next. */
    private static double[] run(LanguageModel model, int batch, int steps, Sampler sampler) {
        List<Generation> requests = IntStream.range(0, batch)
                .mapToObj(row -> new Generation(prompt(model.config(), row, PROMPT), steps + 1, sampler, Set.of(), row))
                .toList();
        List<Long> heard = new ArrayList<>();
        new Generator(model.decoder(), batch)
                .generate(
                        requests.iterator(),
                        new Generation.Listener() {
                            @Override
                            public boolean token(int request, int id) {
                                if (request == batch - 1) {
                                    heard.add(System.nanoTime());
                                }
                                return true;
                            }
                        },
                        () -> false);
        return IntStream.range(0, steps)
                .mapToDouble(i -> (heard.get(i + 1) - heard.get(i)) / 1e9)
                .toArray();
    }

    /**
     * What a step takes at least: its weights and keys and values read once at the rate of a copy, and as many launches as a recorded
     * step has, here of a kernel that does nothing.
     */
    private static void bound(LanguageModel model, DType compute, int batch) {
        Device device = model.decoder().embedding().device();
        ModelConfig config = model.config();
        double rate =
                MachineSpeed.measure(device, compute, Duration.ofMillis(100)).copyBytes();
        int middle = PROMPT + 64;
        double bytes = (double) compute.bytes() * ParameterShapes.count(config)
                + (double) batch * middle * KvCache.bytesPerPosition(config, device, compute);
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            Decoder decoder = model.decoder();
            KvCache cache = KvCache.allocate(config, device, compute, batch, PROMPT + 1024);
            Tensor inputs = Tensors.zeros(device, DType.I64, 2, batch).add((long) middle);
            try (CudaGraph step = CudaGraph.of(device, () -> {
                        Attention attention = CachedAttention.fixed(decoder.heads(), cache, inputs.select(0, 1));
                        Tensor x = decoder.embed(inputs.select(0, 0));
                        return decoder.logits(decoder.norm(decoder.blocks(x, attention)));
                    });
                    CudaGraph nothing = nothing(device, step.nodes())) {
                double launches = seconds(nothing);
                double whole = seconds(step);
                OUT.printf(
                        Locale.ROOT,
                        "decode    batch %3d   recorded step %.2f ms alone: %d launches; bound: %.2f GB at %.0f GB/s %.2f ms + launches"
                                + " %.2f ms = %.2f ms (%.2f times)%n",
                        batch,
                        1e3 * whole,
                        step.nodes(),
                        bytes / 1e9,
                        rate / 1e9,
                        1e3 * bytes / rate,
                        1e3 * launches,
                        1e3 * (bytes / rate + launches),
                        whole / (bytes / rate + launches));
            }
            cache.close();
        }
    }

    private static CudaGraph nothing(Device device, long launches) {
        Tensor x = Tensors.zeros(device, DType.F32, 32);
        return CudaGraph.of(device, () -> {
            for (int i = 0; i < launches; i++) {
                x.add_(1.0);
            }
            return x;
        });
    }

    private static double seconds(CudaGraph graph) {
        double[] times = new double[20];
        for (int i = 0; i < times.length; i++) {
            long start = System.nanoTime();
            graph.launch();
            Scope.run(() -> {
                double _ = graph.result().reshape(-1).select(0, 0).item();
            });
            times[i] = (System.nanoTime() - start) / 1e9;
        }
        return median(times);
    }
}
