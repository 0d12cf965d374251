package cogent.pipeline.run;

import cogent.data.Count;
import cogent.data.InputException;
import cogent.model.decoder.LanguageModel;
import cogent.model.hf.Checkpoint;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.LibTorch;
import cogent.model.tensor.Numerics;
import cogent.model.text.ChatFormat;
import cogent.model.text.TemplateDefaults;
import cogent.model.text.Tokenizer;
import cogent.pipeline.recipe.CriticConfig;
import cogent.pipeline.recipe.Precision;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.TrainingConfig;
import cogent.playground.PlaygroundStudent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The recipe's student. */
public final class Students {
    /** The date that templates such as Llama's write into a prompt: one for all, so that a run can be repeated. */
    public static final LocalDate DATE = LocalDate.of(2026, 1, 1);

    /** The same as a clock. */
    public static final Clock CLOCK = Clock.fixed(DATE.atStartOfDay().toInstant(ZoneOffset.UTC), ZoneOffset.UTC);

    private Students() {}

    /** The directory of π_base. */
    public static Path base(Recipe recipe, RunDirectory run) {
        String model = recipe.student().model();
        if (model == null) {
            throw new InputException("student.model is not set: name a model of the hub or its directory,"
                    + " or \"playground\" for the built-in tiny one");
        }
        return Recipe.PLAYGROUND.equals(model)
                ? run.student()
                : HubNames.ofEnvironment().model(model);
    }

    /** A student's directory to look into; removed on closing where it was only made for that. */
    public record Directory(Path path, boolean temporary) implements AutoCloseable {
        @Override
        public void close() {
            if (temporary) {
                RunDirectory.delete(path);
            }
        }
    }

    /** The directory of π_base, also while the playground has not been made yet; without weights then. */
    public static Directory readable(Recipe recipe, RunDirectory run) {
        Path base = base(recipe, run);
        if (!Recipe.PLAYGROUND.equals(recipe.student().model()) || Files.exists(base.resolve("config.json"))) {
            return new Directory(base, false);
        }
        try {
            Path made = Files.createTempDirectory("cogent-student");
            PlaygroundStudent.write(made);
            return new Directory(made, true);
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary folder for the playground's student", e);
        }
    }

    /**
     * The directory of the small model that the curation asks: one that has seen the task, where there is one.
     *
     * @throws InputException when the recipe names none that could tell anything
     */
    public static Path asked(Recipe recipe, RunDirectory run) {
        String model = recipe.curate().critic().student();
        if (model == null) {
            if (Recipe.PLAYGROUND.equals(recipe.student().model())) {
                throw new InputException("curate.critic.student: the playground's student is untrained, and finds every"
                        + " rationale equally surprising. Set it to raw, with raw_sft.enabled: true");
            }
            return base(recipe, run);
        }
        return named(recipe, run, "curate.critic.student", model);
    }

    /**
     * The directory of a model that a key names: {@code raw} is the run's raw SFT model.
     *
     * @throws InputException when the recipe makes no such model
     */
    public static Path named(Recipe recipe, RunDirectory run, String key, String model) {
        if (model.equals(CriticConfig.RAW)) {
            if (!recipe.rawSft().enabled()) {
                throw new InputException(key + " is raw, the raw SFT model of this run, which the recipe"
                        + " does not make: set raw_sft.enabled: true, or name a model directory");
            }
            return run.model(CriticConfig.RAW);
        }
        return HubNames.ofEnvironment().model(model);
    }

    /** A device that is not there, an architecture or an adapter that cannot be trained: told before anything is spent on data. */
    public static void requireKnown(Recipe recipe) {
        Device device = Device.named(recipe.student().device());
        List<TrainingConfig> trainings = List.of(
                recipe.sft().training(),
                recipe.reward().training(),
                recipe.align().training(),
                recipe.distil().training());
        boolean tf32 = trainings.stream().anyMatch(training -> training.dtype() == Precision.TF32);
        InputException.require(
                !tf32 || !device.isCpu(),
                "sft.dtype, reward.dtype, align.dtype, distil.dtype: tf32 is for a GPU; a cpu computes fp32 as fast");
        String model = recipe.student().model();
        if (model != null && !Recipe.PLAYGROUND.equals(model)) {
            Path directory = HubNames.ofEnvironment().model(model);
            ModelConfig config = ModelConfig.read(directory.resolve("config.json"));
            InputException.require(
                    recipe.bringsRows() || Files.exists(directory.resolve("tokenizer.json")),
                    "student.model: " + directory
                            + " has no tokenizer.json, and text cannot be learnt from without. Load"
                            + " its tokenizer with transformers once, and save_pretrained it there");
            trainings.stream()
                    .map(TrainingConfig::lora)
                    .filter(lora -> lora.rank() > 0)
                    .forEach(lora -> lora.settings().requireFit(config));
        }
    }

    /** Weights that are missing or of other shapes, a tokenizer that is another model's: told as early, from the heads of the files. */
    public static void requireWhole(Recipe recipe) {
        String model = recipe.student().model();
        if (model == null || Recipe.PLAYGROUND.equals(model)) {
            return;
        }
        Path directory = HubNames.ofEnvironment().model(model);
        ModelConfig config = ModelConfig.read(directory.resolve("config.json"));
        Checkpoint.requireWhole(directory, config);
        if (Files.exists(directory.resolve("tokenizer.json"))) {
            try (Tokenizer tokenizer = Tokenizer.load(directory)) {
                LanguageModel.requireFits(config, tokenizer);
            }
        }
    }

    /** Variables that its chat template does not know: told as early. */
    public static void requireTemplate(Recipe recipe) {
        String model = recipe.student().model();
        if (template(recipe).isEmpty()) {
            return;
        }
        if (model == null || Recipe.PLAYGROUND.equals(model)) {
            throw new InputException(
                    "student.chat_template_kwargs: no student.model is named whose template could heed them");
        }
        try {
            TemplateDefaults.requireKnown(
                    HubNames.ofEnvironment().model(model), recipe.student().chatTemplateKwargs());
        } catch (InputException e) {
            throw new InputException("student.chat_template_kwargs: " + e.getMessage(), e);
        }
    }

    /**
     * A model to train, on the recipe's device: in single precision; where a GPU trains an adapter of it in bf16, its matrices,
     * which stay as they are, in bf16 too.
     */
    public static LanguageModel load(Recipe recipe, Path directory, TrainingConfig training) {
        boolean frozen = training.lora().rank() > 0 && !onCpu(recipe);
        return load(recipe, directory, frozen ? training.dtype() : Precision.FP32, training.dtype(), DType.F32);
    }

    /** A model to ask and measure, in the recipe's precision. */
    public static LanguageModel loadToRead(Recipe recipe, Path directory) {
        Precision dtype = recipe.student().dtype();
        return load(recipe, directory, dtype, dtype, dtype.type());
    }

    private static LanguageModel load(
            Recipe recipe, Path directory, Precision matrices, Precision products, DType vectors) {
        LibTorch.threads(threads(recipe));
        Device device = Device.named(recipe.student().device());
        if (!device.isCpu()) {
            new Numerics(products == Precision.TF32, recipe.student().deterministic()).apply();
        }
        return LanguageModel.load(directory, device, matrices.type(), vectors);
    }

    /** What to expect of the same training done again on the device, as things are set now. */
    public static String repeats(Device device) {
        return device.isCpu() || Numerics.current().deterministic() ? "bit-exact" : "not bit-exact on this device";
    }

    private static boolean onCpu(Recipe recipe) {
        return recipe.student().device().equals("cpu");
    }

    /** What decides how such a model answers, besides how its replies are drawn. */
    public static ObjectNode reading(Recipe recipe) {
        ObjectNode settings = JsonMapper.shared()
                .createObjectNode()
                .put("seed", recipe.seed())
                .put("device", recipe.student().device())
                .put("dtype", recipe.student().dtype().toString());
        template(recipe, settings);
        return settings;
    }

    /** How its prompts and replies are encoded, with the recipe's settings of its template. */
    public static ChatFormat format(Recipe recipe, Tokenizer tokenizer) {
        return ChatFormat.of(tokenizer, DATE, recipe.student().chatTemplateKwargs());
    }

    /** What its prompts depend on besides its files; empty where that is nothing. */
    public static String template(Recipe recipe) {
        Map<String, JsonNode> variables = recipe.student().chatTemplateKwargs();
        return variables.isEmpty() ? "" : new TreeMap<>(variables).toString();
    }

    /** The same, among a stage's settings. */
    public static void template(Recipe recipe, ObjectNode settings) {
        if (!template(recipe).isEmpty()) {
            settings.put("chat_template_kwargs", template(recipe));
        }
    }

    /** The threads that libtorch gets: of processes that share a machine each has its part of the cores. */
    public static int threads(Recipe recipe) {
        String processes = System.getenv().getOrDefault("LOCAL_WORLD_SIZE", "1");
        int sharing = processes.matches("[1-9]\\d{0,5}") ? Integer.parseInt(processes) : 1;
        return recipe.threads() > 0
                ? recipe.threads()
                : Math.max(1, Runtime.getRuntime().availableProcessors() / sharing);
    }

    /** In a few words, for those who read of a run. */
    public static String described(Recipe recipe) {
        String model = recipe.student().model();
        return Recipe.PLAYGROUND.equals(model)
                ? "playground student, from scratch"
                : "student " + (model == null ? "not set" : model);
    }

    /** Such as {@code cpu, 2 threads}. */
    public static String device(Recipe recipe) {
        return recipe.student().device() + ", " + Count.of(threads(recipe), "thread");
    }
}
