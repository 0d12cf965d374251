package cogent.pipeline.plan;

import cogent.data.Count;
import cogent.data.InputException;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.LibTorch;
import cogent.model.tensor.MachineSpeed;
import cogent.pipeline.Pipeline;
import cogent.pipeline.evaluate.EvaluateStage;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.Manifest;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Students;
import cogent.pipeline.train.Trainings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a run would do, before anything is spent: its stages, and what each will take as far as that can be told from the
 * recipe, the corpus, the student's config and a look at how fast this machine is. Sends nothing.
 */
public final class Plan {
    private static final Duration MEASURED = Duration.ofMillis(200);

    private record Row(String stage, Pipeline.State state, Estimate estimate) {
        String stateInWords() {
            return switch (state) {
                case DONE -> "done";
                case TO_DO -> "to do";
                case NEEDS_EARLIER -> "after others";
            };
        }
    }

    private final Recipe recipe;
    private final RunDirectory run;
    private final List<Row> rows = new ArrayList<>();
    private final Map<DType, MachineSpeed> machine = new EnumMap<>(DType.class);
    private @Nullable CorpusSize corpus;

    private Plan(Recipe recipe) {
        this.recipe = recipe;
        this.run = RunDirectory.of(recipe);
    }

    /** Looks at everything the recipe names. */
    public static Plan of(Recipe recipe) {
        Plan plan = new Plan(recipe);
        Pipeline pipeline = Pipeline.of(recipe);
        for (String stage : pipeline.stages()) {
            Pipeline.State state = pipeline.state(stage);
            Optional<Manifest> done =
                    state == Pipeline.State.DONE ? Manifest.read(plan.run.manifest(stage)) : Optional.empty();
            plan.rows.add(new Row(stage, state, done.map(Plan::past).orElseGet(() -> plan.future(stage))));
        }
        return plan;
    }

    private static Estimate past(Manifest done) {
        return Estimate.of(done.summary().path("line").asString("")).with("seconds", done.seconds());
    }

    private Estimate future(String stage) {
        try {
            return switch (stage) {
                case "playground" ->
                    Estimate.of("%s, %,d held out, an untrained student"
                            .formatted(
                                    Count.of(recipe.playground().problems(), "problem"),
                                    recipe.playground().heldOut()));
                case "author" -> CurationEstimate.author(recipe, corpus());
                case "raw-rows" -> Estimate.of("the corpus as it is, as training rows");
                case "curate" -> CurationEstimate.of(recipe, corpus());
                case "raw-sft" -> training(stage, TrainingEstimate.sft(corpus(), run.rawRows()), recipe.sft());
                case "sft" ->
                    training(
                            stage,
                            recipe.sft().rows() == null
                                    ? TrainingEstimate.sft(corpus(), run.sftRows())
                                    : own(recipe.sft().rows(), 1),
                            recipe.sft());
                case "on-policy" -> EvaluationEstimate.onPolicy(recipe, student(), corpus(), this::machine);
                case "align" ->
                    training(
                            stage,
                            recipe.align().rows() == null
                                    ? TrainingEstimate.align(corpus(), run, recipe)
                                    : own(recipe.align().rows(), 2),
                            recipe.align());
                case "evaluate" ->
                    EvaluationEstimate.of(recipe, new EvaluateStage(recipe, run), student(), corpus(), this::machine);
                default -> Estimate.of("");
            };
        } catch (InputException e) {
            return Estimate.of(String.valueOf(e.getMessage())); // the run would stop there too; the plan goes on
        }
    }

    private Estimate training(String stage, TrainingEstimate size, Recipe.Training settings) {
        return size.of(settings, run.savedStep(stage), student(), () -> machine(Trainings.compute(settings)));
    }

    private TrainingEstimate own(String rows, int sequences) {
        return OwnRows.of(Path.of(rows))
                .estimate(sequences, texts -> CorpusSize.charactersPerToken(recipe, run, texts));
    }

    /** Counted once: it may be large. */
    private CorpusSize corpus() {
        if (corpus == null) {
            corpus = CorpusSize.of(recipe, run);
        }
        return corpus;
    }

    /** Measured when the first estimate asks for it: a plan of work that is done needs none. */
    private MachineSpeed machine(DType dtype) {
        return machine.computeIfAbsent(dtype, type -> {
            LibTorch.threads(Students.threads(recipe));
            return MachineSpeed.measure(Device.named(recipe.student().device()), type, MEASURED);
        });
    }

    /** For reading models: their arithmetic is what limits only large batches. */
    private MachineSpeed machine() {
        return machine(DType.F32);
    }

    private ModelConfig student() {
        try (Students.Directory student = Students.readable(recipe, run)) {
            return ModelConfig.read(student.path().resolve("config.json"));
        }
    }

    /** A table for people. */
    public String text() {
        StringBuilder text = new StringBuilder();
        int work =
                rows.stream().mapToInt(r -> r.estimate().work().length()).max().orElse(0);
        String line = " %-10s %-13s %-" + Math.min(work, 70) + "s  %s";
        text.append(line.formatted("stage", "state", "work", "takes").stripTrailing())
                .append('\n');
        for (Row row : rows) {
            text.append(line.formatted(
                                    row.stage(),
                                    row.stateInWords(),
                                    row.estimate().work(),
                                    (row.state() == Pipeline.State.DONE ? "took " : "")
                                            + row.estimate().amount())
                            .stripTrailing())
                    .append('\n');
        }
        return text.append('\n').append(basis()).append(budget()).append('\n').toString();
    }

    /** The same for programs. */
    public ObjectNode json() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("name", recipe.name()).put("run", run.root().toString());
        ArrayNode stages = json.putArray("stages");
        for (Row row : rows) {
            ObjectNode stage = stages.addObject();
            stage.put("stage", row.stage())
                    .put("state", row.state().name().toLowerCase(Locale.ROOT))
                    .put("work", row.estimate().work());
            row.estimate().numbers().forEach((name, number) -> stage.putPOJO(name, number));
        }
        return json.put("budget", budget());
    }

    /** What the numbers rest on. */
    private String basis() {
        if (rows.stream().allMatch(row -> row.state() == Pipeline.State.DONE)) {
            return "";
        }
        return String.format(
                Locale.ROOT,
                recipe.bringsRows()
                        ? "Estimates: all rows counted, their tokens told from their characters;%n"
                                + "  matrix products of this machine %2$.0f GFLOP/s, training at %3$.0f %% of that.%n%n"
                        : "Estimates: all rows of the corpus counted; two rationales in three rewritten once, answers and rewrites as long"
                                + " as the corpus's%s;%n  matrix products of this machine %.0f GFLOP/s, training at %.0f %% of that.%n%n",
                Recipe.PLAYGROUND.equals(recipe.teacher().url())
                        ? ""
                        : ", replies at %.0f tokens a second (`cogent curate --estimate` measures)"
                                .formatted(CurationEstimate.TOKENS_PER_SECOND),
                machine(Trainings.compute(recipe.sft())).gemmFlops() / 1e9,
                100 * Estimate.OF_PEAK);
    }

    /** The hard limits. */
    private String budget() {
        Recipe.Endpoint teacher = recipe.teacher();
        if (Recipe.PLAYGROUND.equals(teacher.url())) {
            return "Nothing is sent anywhere and nothing costs money: the teacher is built in.";
        }
        if (recipe.bringsRows() && recipe.evaluate().endpoints().isEmpty()) {
            return "Nothing is sent anywhere and nothing costs money: no teacher is asked.";
        }
        List<String> limits = new ArrayList<>();
        if (teacher.budgetCalls() > 0) {
            limits.add(Count.of(teacher.budgetCalls(), "call"));
        }
        if (teacher.budgetTokens() > 0) {
            limits.add(Count.of(teacher.budgetTokens(), "token"));
        }
        if (teacher.budgetCost() > 0) {
            limits.add(String.format(Locale.ROOT, "cost %.2f", teacher.budgetCost()));
        }
        return limits.isEmpty()
                ? "No budget is set: teacher.budget_calls, budget_tokens or budget_cost would be a hard limit."
                : "Budget: " + String.join(", ", limits) + "; a call that might exceed it is not sent.";
    }
}
