package cogent.bench;

import cogent.model.decoder.LanguageModel;
import cogent.model.generate.Generation;
import cogent.model.generate.Generation.Completion;
import cogent.model.generate.Generator;
import cogent.model.generate.Sampler;
import cogent.model.hf.ModelConfig;
import cogent.model.hf.ParameterShapes;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.LibTorch;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
        int steps = model.decoder().embedding().device().isCpu() ? 33 : 65;
        double[] times = new double[TRIES];
        run(model, batch, 9, sampler);
        for (int i = 0; i < TRIES; i++) {
            times[i] = run(model, batch, steps, sampler) / (steps - 1);
        }
        Arrays.sort(times);
        double step = times[TRIES / 2];
        OUT.printf(
                Locale.ROOT,
                "decode    batch %3d   %-14s %8.2f ms/step (%.2f to %.2f)   %8.1f tok/s   weights at %.1f GB/s%n",
                batch,
                title,
                1e3 * step,
                1e3 * times[0],
                1e3 * times[TRIES - 1],
                batch / step,
                (double) compute.bytes() * ParameterShapes.count(model.config()) / step / 1e9);
    }

    /** Seconds from the first token of the last text to the end. */
    private static double run(LanguageModel model, int batch, int tokens, Sampler sampler) {
        List<Generation> requests = IntStream.range(0, batch)
                .mapToObj(row -> new Generation(prompt(model.config(), row, PROMPT), tokens, sampler, Set.of(), row))
                .toList();
        return TimedGeneration.of(model, requests).afterFirst();
    }
}
