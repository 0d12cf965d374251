package cogent.pipeline.plan;

import cogent.model.decoder.LanguageModel;
import cogent.model.generate.Generation;
import cogent.model.generate.Generator;
import cogent.model.hf.ModelConfig;
import cogent.model.hf.ParameterShapes;
import cogent.model.tensor.Device;
import cogent.model.tensor.DeviceMemory;
import cogent.model.tensor.LibTorch;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.TrainingConfig;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Students;
import cogent.pipeline.train.Trainings;
import cogent.train.loop.TrialStep;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The recipe's student at work for half a second, for every kind of work that an estimate asks about. Loaded when first asked. */
final class Trial implements AutoCloseable {
    private static final Duration BUDGET = Duration.ofMillis(500);
    private static final int PROMPTS = 8;
    private static final int STEPS = 8;

    private final Recipe recipe;
    private final RunDirectory run;
    private final Map<List<Object>, TrialStep> steps = new HashMap<>();
    private final Map<List<Object>, Answering> answering = new HashMap<>();
    private @Nullable LanguageModel model;

    Trial(Recipe recipe, RunDirectory run) {
        this.recipe = recipe;
        this.run = run;
    }

    /**
     * What answering takes.
     *
     * @param promptSeconds of one prompt
     * @param stepSeconds of a token of all texts under way
     */
    record Answering(double promptSeconds, double stepSeconds) {}

    /** Bytes of the GPU that the recipe names; empty on a CPU, and where there is none. */
    OptionalLong card() {
        String device = recipe.student().device();
        return device.equals("cpu") || !LibTorch.cudaIsAvailable()
                ? OptionalLong.empty()
                : OptionalLong.of(DeviceMemory.of(Device.named(device)).total());
    }

    /** Empty where the machine has no memory for it. */
    Optional<TrialStep> training(TrainingConfig training, TrialStep.Shape shape) {
        return student()
                .map(student -> steps.computeIfAbsent(
                        List.of(training, shape), _ -> Trainings.trial(student, training, shape, BUDGET)));
    }

    /** @param texts under way at once */
    Optional<Answering> answering(int texts, int prompt) {
        return student()
                .map(student ->
                        answering.computeIfAbsent(List.of(texts, prompt), _ -> answers(student, texts, prompt)));
    }

    private static Answering answers(LanguageModel student, int texts, int prompt) {
        Generator generator = new Generator(student.decoder(), texts);
        List<Generation> prompts = IntStream.range(0, Math.min(texts, PROMPTS))
                .mapToObj(i -> Generation.greedy(ids(student, prompt, i), 1, Set.of()))
                .toList();
        generator.generate(prompts); // warms up
        double asked = seconds(generator, prompts) / prompts.size();
        double few = seconds(generator, Collections.nCopies(texts, Generation.greedy(new int[] {0}, 2, Set.of())));
        double more =
                seconds(generator, Collections.nCopies(texts, Generation.greedy(new int[] {0}, 2 + STEPS, Set.of())));
        return new Answering(asked, Math.max(1e-6, more - few) / STEPS);
    }

    private static int[] ids(LanguageModel student, int count, int seed) {
        int[] ids = new int[Math.max(1, count)];
        Arrays.setAll(ids, i -> Math.floorMod(7919 * i + seed, student.config().vocabSize()));
        return ids;
    }

    private static double seconds(Generator generator, List<Generation> requests) {
        long start = System.nanoTime();
        generator.generate(requests);
        return (System.nanoTime() - start) / 1e9;
    }

    private Optional<LanguageModel> student() {
        if (model == null) {
            try (Students.Directory student = Students.readable(recipe, run)) {
                ModelConfig config = ModelConfig.read(student.path().resolve("config.json"));
                long memory = card().orElseGet(() -> ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                        .getTotalMemorySize());
                if (bytes(recipe.sft().training()) * ParameterShapes.count(config) > memory / 5 * 4) {
                    return Optional.empty();
                }
                LibTorch.threads(Students.threads(recipe));
                // the playground's is not there before the run, and as fast with any weights
                model = hasWeights(student.path())
                        ? Students.load(recipe, student.path(), recipe.sft().training())
                        : LanguageModel.create(config, recipe.seed());
            }
        }
        return Optional.of(model);
    }

    /** Of a parameter in training: weight, gradient and two moments; of one that an adapter leaves as it is, the weight. */
    private static long bytes(TrainingConfig training) {
        return training.lora().rank() > 0 ? Float.BYTES : 4L * Float.BYTES;
    }

    private static boolean hasWeights(Path directory) {
        return Files.exists(directory.resolve("model.safetensors"))
                || Files.exists(directory.resolve("model.safetensors.index.json"));
    }

    @Override
    public void close() {
        if (model != null) {
            model.close();
        }
    }
}
