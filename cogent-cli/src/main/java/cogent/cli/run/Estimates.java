package cogent.cli.run;

import cogent.cli.recipe.Recipe;
import cogent.data.InputException;
import cogent.data.Sample;
import cogent.model.ModelConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What a stage will take, as far as it can be told from the recipe, the first rows and the student's config. */
public final class Estimates {
    /** Rows looked at. */
    private static final int SAMPLED = 20;
    /** Measured on 400 rows of GSM8K with the vocabulary of Qwen2.5: 2.9. */
    private static final double CHARACTERS_PER_TOKEN = 2.9;
    /** The built-in prompts without their sections. */
    private static final int INSTRUCTIONS = 450;
    /** What a judge writes besides its label or verdict. */
    private static final int JUDGEMENT = 200;
    /** Until the Critic has spoken nobody knows; the line on the terminal says so. */
    private static final double REWRITTEN = 2 / 3.0;
    /** fp32 weights, gradients and AdamW's two moments. */
    private static final int BYTES_PER_PARAMETER = 16;

    private Estimates() {}

    /** One line on a stage. */
    public static String of(String stage, Recipe recipe) {
        RunDirectory run = RunDirectory.of(recipe);
        return switch (stage) {
            case "playground" ->
                "%,d problems, %,d held out, an untrained student"
                        .formatted(
                                recipe.playground().problems(),
                                recipe.playground().heldOut());
            case "raw-rows" -> "the corpus as it is, as training rows";
            case "curate" -> curate(recipe, run);
            case "raw-sft", "sft" -> training(recipe.sft(), rows(recipe, run), recipe, run);
            case "align" ->
                training(recipe.align(), -1, recipe, run) + ", objective "
                        + recipe.align().objective();
            case "evaluate" ->
                String.join(", ", recipe.evaluate().benchmarks()) + " for "
                        + String.join(", ", recipe.evaluate().models());
            default -> "";
        };
    }

    /** The hard limits. */
    public static String budget(Recipe recipe) {
        Recipe.Endpoint teacher = recipe.teacher();
        if (Recipe.PLAYGROUND.equals(teacher.url())) {
            return "Nothing is sent anywhere and nothing costs money: the teacher is built in.";
        }
        if (teacher.budgetCalls() == 0 && teacher.budgetTokens() == 0 && teacher.budgetCost() == 0) {
            return "No budget is set: teacher.budget_calls, budget_tokens or budget_cost would be a hard limit.";
        }
        return "Budget: %s%s%s; a call that might exceed it is not sent."
                .formatted(
                        teacher.budgetCalls() == 0 ? "" : "%,d calls ".formatted(teacher.budgetCalls()),
                        teacher.budgetTokens() == 0 ? "" : "%,d tokens ".formatted(teacher.budgetTokens()),
                        teacher.budgetCost() == 0 ? "" : "cost %.2f".formatted(teacher.budgetCost()));
    }

    private static String curate(Recipe recipe, RunDirectory run) {
        Path file = Corpora.file(recipe, run);
        if (!Files.exists(file)) {
            return Recipe.PLAYGROUND.equals(recipe.corpus().path())
                    ? "%,d rationales, about %,d calls to the built-in teacher"
                            .formatted(
                                    recipe.playground().problems(),
                                    Math.round(recipe.playground().problems() * callsPerRow(recipe)))
                    : "corpus " + file + " is not there";
        }
        try {
            return measured(recipe, run);
        } catch (InputException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static String measured(Recipe recipe, RunDirectory run) {
        List<Sample> first;
        long rows;
        try (Stream<Sample> samples = Corpora.samples(recipe, run, _ -> {})) {
            first = samples.limit(SAMPLED).toList();
        }
        try (Stream<Sample> samples = Corpora.samples(recipe, run, _ -> {})) {
            rows = samples.count();
        }
        double problem = tokens(first.stream()
                .mapToInt(s -> s.problem().text().length())
                .average()
                .orElse(0));
        double rationale = tokens(first.stream()
                .mapToInt(s -> s.rationale().text().length())
                .average()
                .orElse(0));
        double calls = callsPerRow(recipe);
        double in = calls * (INSTRUCTIONS + problem + rationale);
        double out = recipe.curate().critic().votes() * JUDGEMENT
                + REWRITTEN * (rationale + JUDGEMENT)
                + (calls - recipe.curate().critic().votes() - 2 * REWRITTEN) * rationale;
        double cost =
                rows * (in * recipe.teacher().priceIn() + out * recipe.teacher().priceOut()) / 1e6;
        return String.format(
                Locale.ROOT,
                "%,d rationales, about %,d calls, %s tokens in, %s out%s (from %d rows; if two in three are rewritten once)",
                rows,
                Math.round(rows * calls),
                big(rows * in),
                big(rows * out),
                cost == 0 ? "" : String.format(Locale.ROOT, ", cost %.2f", cost),
                first.size());
    }

    /** Votes, then rethink and verify for some, then a wrong rationale against each right one. */
    private static double callsPerRow(Recipe recipe) {
        Recipe.Curate curate = recipe.curate();
        return curate.critic().votes() + 2 * REWRITTEN + curate.distractor().perProblem() * (1 + REWRITTEN);
    }

    private static long rows(Recipe recipe, RunDirectory run) {
        try {
            Path file = Corpora.file(recipe, run);
            if (Files.exists(file)) {
                try (Stream<Sample> samples = Corpora.samples(recipe, run, _ -> {})) {
                    return samples.count();
                }
            }
            return Recipe.PLAYGROUND.equals(recipe.corpus().path())
                    ? recipe.playground().problems()
                    : -1;
        } catch (InputException e) {
            return -1; // the curate line says what is wrong with the corpus
        }
    }

    private static String training(Recipe.Training training, long rows, Recipe recipe, RunDirectory run) {
        long steps = training.maxSteps() > 0
                ? training.maxSteps()
                : rows < 0 ? -1 : training.epochs() * Math.ceilDiv(rows, training.batchSize());
        String work = steps < 0
                ? "%d epochs of %d rows a step".formatted(training.epochs(), training.batchSize())
                : "%,d steps of %d rows".formatted(steps, training.batchSize());
        return work + memory(recipe, run);
    }

    private static String memory(Recipe recipe, RunDirectory run) {
        try {
            Path config = Students.base(recipe, run).resolve("config.json");
            if (!Files.exists(config)) {
                return "";
            }
            long parameters = ModelConfig.read(config).parameters();
            return String.format(
                    Locale.ROOT,
                    "; %s parameters, %.1f GiB for weights, gradients and moments, and activations besides",
                    big((double) parameters),
                    (double) parameters * BYTES_PER_PARAMETER / (1L << 30));
        } catch (InputException e) {
            return "; " + e.getMessage();
        }
    }

    private static double tokens(double characters) {
        return characters / CHARACTERS_PER_TOKEN;
    }

    private static String big(double n) {
        return n >= 1e9
                ? String.format(Locale.ROOT, "%.1f B", n / 1e9)
                : n >= 1e6 ? String.format(Locale.ROOT, "%.1f M", n / 1e6) : String.format(Locale.ROOT, "%,.0f", n);
    }
}
