package cogent.pipeline.plan;

import cogent.data.Count;
import cogent.model.decoder.LanguageModel;
import cogent.model.generate.Generation;
import cogent.model.generate.Generator;
import cogent.model.hf.ModelConfig;
import cogent.model.hf.ParameterShapes;
import cogent.model.tensor.Device;
import cogent.model.tensor.DeviceMemory;
import cogent.model.tensor.LibTorch;
import cogent.pipeline.recipe.Precision;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.TrainingConfig;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Students;
import cogent.pipeline.train.Trainings;
import cogent.train.forward.RankSurprisal;
import cogent.train.loop.TrialStep;
import cogent.train.rows.Example;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The recipe's student at work, half a second and more for every kind of work that an estimate asks about, about ten seconds in all:
 * what is asked for after that gets a tenth of a second. Loaded when first asked.
 */
final class Trial implements AutoCloseable {
    private static final Duration ALL = Duration.ofSeconds(10);
    private static final Duration ONE = Duration.ofMillis(500);
    private static final Duration LEAST = Duration.ofMillis(100);

    /** Of answers of the student as it comes, which are as long as they are. */
    private static final Duration REPLIES = Duration.ofMillis(2500);

    private static final int PROMPTS = 16;
    private static final int STEPS = 24;
    private static final int READ = 64;

    private final Recipe recipe;
    private final RunDirectory run;
    private final Consumer<String> progress;
    private final Map<List<Object>, Object> known = new HashMap<>();
    /** What it was at work, the curation's trial not counted. */
    private long spent;

    private @Nullable LanguageModel trained;
    private @Nullable LanguageModel asked;
    private @Nullable LanguageModel teacher;
    private double loadSeconds;

    /** @param progress told what is tried */
    Trial(Recipe recipe, RunDirectory run, Consumer<String> progress) {
        this.recipe = recipe;
        this.run = run;
        this.progress = progress;
    }

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
                .map(student -> once(
                        List.of(training, shape),
                        "a step of training",
                        () -> Trainings.trial(student, training, shape, budget(ONE))));
    }

    /** A step of distillation from the recipe's teacher, its replies not counted. */
    Optional<TrialStep> distilling(Path teacherDirectory, TrainingConfig training, TrialStep.Shape shape) {
        return student()
                .map(student -> once(List.of(training, shape, "distil"), "a step of distillation", () -> {
                    LanguageModel reads = Students.loadToRead(recipe, teacherDirectory);
                    teacher = reads;
                    return Trainings.trial(student, reads, training, shape, budget(ONE));
                }));
    }

    /**
     * Writing.
     *
     * @param texts under way at once
     * @param prompt tokens of one
     * @param reply tokens of one
     */
    Optional<Answering> answering(int texts, int prompt, int reply) {
        return reader().map(reader -> once(
                List.of(texts, prompt, reply),
                "the writing of " + Count.of(texts, "text"),
                () -> answering(reader, texts, prompt, reply)));
    }

    private Answering answering(LanguageModel reader, int texts, int prompt, int reply) {
        Generator generator = new Generator(reader.decoder(), texts);
        int few = Math.max(1, texts / 4);
        int middle = Math.clamp(prompt + reply / 2, 1, reader.config().maxPositions() - STEPS - 1);
        repeated(() -> step(reader, generator, few, 8)); // warms up
        double least = step(reader, generator, few, middle);
        double most = texts == few ? least : step(reader, generator, texts, middle);
        double each = texts == few ? 0 : Math.max(0, most - least) / (texts - few);
        return new Answering(prompt(reader, generator, texts, prompt), Math.max(1e-6, most - texts * each), each);
    }

    /** Seconds of a step of so many texts that have come so far; a prompt that they share is computed once. */
    private double step(LanguageModel reader, Generator generator, int texts, int context) {
        List<Long> times = new ArrayList<>();
        long until = System.nanoTime() + budget(ONE).toNanos();
        generator.generate(
                Collections.nCopies(texts, Generation.greedy(ids(reader, context, texts), 2 + STEPS, Set.of()))
                        .iterator(),
                new Generation.Listener() {
                    @Override
                    public boolean token(int request, int id) {
                        if (request == 0) {
                            times.add(System.nanoTime());
                        }
                        return true;
                    }
                },
                () -> times.size() > 3 && System.nanoTime() > until);
        long[] steps = IntStream.range(2, times.size()) // the first token is the prompt's, the second warms up
                .mapToLong(i -> times.get(i) - times.get(i - 1))
                .sorted()
                .toArray();
        return steps.length == 0 ? 0 : steps[steps.length / 2] / 1e9;
    }

    private double prompt(LanguageModel reader, Generator generator, int texts, int prompt) {
        int most = Math.clamp(PROMPTS, 1, texts);
        double one = prompts(reader, generator, 1, prompt);
        int some = (int) Math.clamp(budget(ONE).toNanos() / 1e9 / Math.max(1e-6, one), 1, most);
        return repeated(() -> prompts(reader, generator, some, prompt)) / some;
    }

    private static double prompts(LanguageModel reader, Generator generator, int count, int tokens) {
        List<Generation> prompts = IntStream.range(0, count)
                .mapToObj(i -> Generation.greedy(ids(reader, tokens, i), 1, Set.of()))
                .toList();
        return seconds(() -> generator.generate(prompts));
    }

    /**
     * How long the student's own replies are, as it comes.
     *
     * @param most tokens of one; those that the trial has no time to wait for are taken to go on as the others did
     */
    Optional<Lengths> replies(List<int[]> prompts, int most, Set<Integer> stopIds) {
        return reader().map(reader -> once(
                List.of("replies", most),
                "what the student says as it comes",
                () -> replies(reader, prompts, most, stopIds)));
    }

    private Lengths replies(LanguageModel reader, List<int[]> prompts, int most, Set<Integer> stopIds) {
        int[] lengths = new int[prompts.size()];
        int[] ended = {0};
        long until = System.nanoTime() + budget(REPLIES).toNanos();
        new Generator(reader.decoder(), prompts.size())
                .generate(
                        prompts.stream()
                                .map(prompt -> Generation.greedy(prompt, most, stopIds))
                                .iterator(),
                        new Generation.Listener() {
                            @Override
                            public void finished(int request, Generation.Completion reply) {
                                lengths[request] = Math.max(1, reply.ids().length);
                                ended[0] += reply.reason() == Generation.FinishReason.STOP ? 1 : 0;
                            }
                        },
                        () -> System.nanoTime() > until);
        double mean = ended[0] == 0 ? most : (double) IntStream.of(lengths).sum() / ended[0];
        return ended[0] == prompts.size() || IntStream.of(lengths).allMatch(n -> n >= most || n == 0)
                ? new Lengths(lengths)
                : Lengths.all(Math.min(most, mean));
    }

    /**
     * Seconds in which the student reads a row of that shape for its own figures, as a Critic or to choose among rows.
     */
    Optional<Double> reading(TrialStep.Shape shape) {
        int prompt = shape.prompt();
        int completion = shape.completion();
        return reader().map(reader -> once(List.of("reads", shape), "the reading of rows", () -> {
            double longest = budget(ONE).toNanos() / 1e9;
            int[] rows = {1};
            while (rows[0] < READ && reading(reader, rows[0], prompt, completion) < longest) {
                rows[0] *= 4;
            }
            return repeated(() -> reading(reader, rows[0], prompt, completion)) / rows[0];
        }));
    }

    private double reading(LanguageModel reader, int rows, int prompt, int completion) {
        List<Example> examples = IntStream.range(0, rows)
                .mapToObj(i -> new Example("trial", ids(reader, prompt, i), ids(reader, completion, i + 1)))
                .toList();
        return seconds(() -> {
            List<RankSurprisal> _ = RankSurprisal.of(
                    reader, examples, 0, recipe.sft().training().microBatchTokens());
        });
    }

    /** Seconds to load the student once; 0 before it was. */
    double loadSeconds() {
        return loadSeconds;
    }

    /** Seconds to load a model, to write so many bytes to the run's disk, and to take the checksum of so many that are there. */
    double seconds(double written, double hashed) {
        DiskSpeed disk = once(List.of("writes"), "its disk", () -> DiskSpeed.of(run.root()));
        return loadSeconds + written * disk.written() + hashed * disk.hashed();
    }

    private Duration budget(Duration usual) {
        return Duration.ofNanos(Math.clamp(ALL.toNanos() - spent, LEAST.toNanos(), usual.toNanos()));
    }

    /** The least of what it takes again and again, for as long as one kind of work may be tried: the first ones warm up. */
    private double repeated(DoubleSupplier seconds) {
        long until = System.nanoTime() + budget(ONE).toNanos();
        double least = seconds.getAsDouble();
        while (System.nanoTime() < until) {
            least = Math.min(least, seconds.getAsDouble());
        }
        return least;
    }

    @SuppressWarnings("unchecked") // a key has values of one kind
    private <T> T once(List<Object> key, String what, Supplier<T> measure) {
        if (!known.containsKey(key)) {
            progress.accept("trying the student: " + what);
            long start = System.nanoTime();
            known.put(key, measure.get());
            spent += System.nanoTime() - start;
        }
        return (T) known.get(key);
    }

    private static int[] ids(LanguageModel student, int count, int seed) {
        int[] ids = new int[Math.max(1, count)];
        Arrays.setAll(ids, i -> Math.floorMod(7919 * i + seed, student.config().vocabSize()));
        return ids;
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    /** As it answers: in the type that the recipe says for that. */
    private Optional<LanguageModel> reader() {
        if (recipe.student().dtype() == Precision.FP32
                && recipe.student().device().equals("cpu")) {
            return student();
        }
        if (asked == null) {
            asked = loaded(true).orElse(null);
        }
        return Optional.ofNullable(asked);
    }

    private Optional<LanguageModel> student() {
        if (trained == null) {
            trained = loaded(false).orElse(null);
        }
        return Optional.ofNullable(trained);
    }

    private Optional<LanguageModel> loaded(boolean toRead) {
        TrainingConfig training = recipe.sft().training();
        try (Students.Directory student = Students.readable(recipe, run)) {
            ModelConfig config = ModelConfig.read(student.path().resolve("config.json"));
            long memory = card().orElseGet(() -> ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                    .getTotalMemorySize());
            if ((toRead ? Float.BYTES : bytes(training)) * ParameterShapes.count(config) > memory / 5 * 4) {
                return Optional.empty();
            }
            LibTorch.threads(Students.threads(recipe));
            if (!hasWeights(student.path())) {
                // the playground's is not there before the run, and as fast with any weights
                return Optional.of(LanguageModel.create(config, recipe.seed()));
            }
            progress.accept("trying the student: loading it");
            long start = System.nanoTime();
            LanguageModel model = toRead
                    ? Students.loadToRead(recipe, student.path())
                    : Students.load(recipe, student.path(), training);
            loadSeconds = (System.nanoTime() - start) / 1e9;
            return Optional.of(model);
        }
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
        for (LanguageModel model : Arrays.asList(trained, asked, teacher)) {
            if (model != null) {
                model.close();
            }
        }
    }
}
