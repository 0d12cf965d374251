package cogent.pipeline.train;

import cogent.data.file.JsonLinesWriter;
import cogent.model.decoder.LanguageModel;
import cogent.model.decoder.Lora;
import cogent.pipeline.keys.RecordJson;
import cogent.pipeline.recipe.AlignConfig;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.TrainingConfig;
import cogent.pipeline.result.StageResult;
import cogent.pipeline.run.ModelNames;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Stage;
import cogent.pipeline.run.StageContext;
import cogent.pipeline.run.StageDetail;
import cogent.pipeline.run.StoppedException;
import cogent.pipeline.run.Students;
import cogent.pipeline.run.TrainingInputs;
import cogent.pipeline.track.Trackers;
import cogent.train.loop.Align;
import cogent.train.loop.AlignData;
import cogent.train.loop.AlignSettings;
import cogent.train.loop.BatchPlan;
import cogent.train.loop.TrainSettings;
import cogent.train.loop.TrainingOutcome;
import cogent.train.objective.WeightRule;
import cogent.train.rows.Mismatched;
import cogent.train.rows.PairExample;
import cogent.train.rows.Reweighed;
import cogent.train.rows.TrainingRows;
import cogent.train.state.ReferenceLogps;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Preference alignment of the fine-tuned student; π_ref is that student as SFT left it, or as it came where there is no SFT.
 *
 * @param name {@code align}, or {@code reward} for the reward model of the same pairs
 * @param align how
 * @param model what is made, by its name in the run
 */
public record AlignStage(Recipe recipe, RunDirectory run, String name, AlignConfig align, String model)
        implements Stage {
    /** What {@code margins.jsonl} says of a pair. */
    private record Line(
            String id, @JsonProperty("reward_margin") double rewardMargin, double weight) {}

    public static AlignStage of(Recipe recipe, RunDirectory run) {
        return new AlignStage(recipe, run, "align", recipe.align(), ModelNames.ALIGNED);
    }

    /** Its implicit reward is what the pairs teach a model of preferences. */
    public static AlignStage reward(Recipe recipe, RunDirectory run) {
        return new AlignStage(
                recipe,
                run,
                ModelNames.REWARD,
                recipe.align().asReward(recipe.reward().training()),
                ModelNames.REWARD);
    }

    /** Whether the pairs' margins come from this run's reward model. */
    private boolean asksReward() {
        return recipe.reward().enabled() && !model.equals(ModelNames.REWARD);
    }

    @Override
    public JsonNode settings() {
        ObjectNode settings = JsonMapper.shared().createObjectNode();
        settings.put("seed", recipe.seed());
        settings.put("device", recipe.student().device());
        Students.template(recipe, settings);
        settings.set("align", RecordJson.identity(align));
        Trainings.leftOut(recipe, run, settings);
        return settings;
    }

    @Override
    public List<Path> inputs() {
        List<Path> inputs = new ArrayList<>(TrainingInputs.pairs(recipe, run));
        inputs.add(TrainingInputs.reference(recipe, run));
        if (asksReward()) {
            inputs.add(run.model(ModelNames.REWARD));
        }
        return List.copyOf(inputs);
    }

    @Override
    public void check() {
        Trackers.check(align.training().logTo(), recipe.tracking());
    }

    @Override
    public List<Path> outputs() {
        return asksReward() ? List.of(run.model(model), run.margins()) : List.of(run.model(model));
    }

    @Override
    public boolean isParallel() {
        return true;
    }

    @Override
    public void settle() {
        Trainings.removeCheckpoints(run, name);
    }

    @Override
    public StageResult run(StageContext context) {
        TrainingConfig training = align.training();
        AlignSettings settings = Objectives.settings(align, Trainings.settings(training, recipe.seed()));
        Path sft = TrainingInputs.reference(recipe, run);
        if (context.ranks().isFirst()) {
            CheckpointOrigin.settle(this, run, context.listener());
        }
        try (LanguageModel policy = Students.load(recipe, sft, training);
                Encodings encodings = Encodings.of(sft, policy, recipe.student().chatTemplateKwargs());
                Refusals refused = new Refusals(run, name, context.ranks())) {
            try (TrainingRows<PairExample> pairs = Trainings.reader(policy, encodings, training, recipe, run)
                    .pairs(
                            TrainingInputs.pairs(recipe, run),
                            Objectives.betas(align),
                            asksReward() ? WeightRule.EQUAL : Objectives.weights(align),
                            Set.copyOf(align.gaps()),
                            refused)) {
                refused.done(pairs, TrainingInputs.pairs(recipe, run));
                Trainings.tellDropouts(context, name, policy.config());
                Trainings.tellUnused(context, name, pairs);
                // before the first step, and with an adapter always, the policy is the reference
                Trainings.Split split = Trainings.Split.of(pairs, training, recipe.seed());
                AlignData all = data(policy, pairs, settings, split, context);
                try (@Nullable Lora adapter = Trainings.adapter(policy, training, recipe.seed());
                        MetricsSink sink = MetricsSink.of(training.logTo(), recipe, run, this, context.listener())) {
                    TrainingOutcome outcome = Align.train(
                            Trainings.trainee(policy, adapter, training),
                            context.ranks(),
                            all.only(split.others()),
                            all.only(split.heldOut()),
                            settings,
                            Trainings.files(run, name),
                            context.stop()::asked,
                            p -> {
                                sink.accept(p);
                                Trainings.tell(context, name, p);
                            });
                    sink.ended(outcome);
                    if (outcome.stopped()) {
                        throw new StoppedException();
                    }
                    return Trainings.finish(
                            context.ranks(),
                            policy,
                            adapter,
                            encodings,
                            training,
                            sft,
                            run.model(model),
                            outcome,
                            pairs);
                }
            }
        }
    }

    /** All pairs with what the objective asks of the reference: the policy before its first step. */
    private AlignData data(
            LanguageModel policy,
            TrainingRows<PairExample> pairs,
            AlignSettings settings,
            Trainings.Split split,
            StageContext context) {
        if (!settings.objective().usesReference()) {
            return new AlignData(pairs, ReferenceLogps.none());
        }
        int[] needed = needed(pairs, split, settings.train());
        ReferenceLogps reference = reference(policy, pairs, needed, context);
        AlignData data = new AlignData(asksReward() ? weighed(pairs, reference, needed, context) : pairs, reference);
        if (!settings.objective().usesKl()) {
            return data;
        }
        List<PairExample> others = Mismatched.of(pairs);
        return data.withMismatched(others, reference(policy, others, needed, context));
    }

    /** The pairs that the training will take, however early it ends, and those it is evaluated on. */
    private static int[] needed(TrainingRows<PairExample> pairs, Trainings.Split split, TrainSettings settings) {
        int[] others = split.others();
        int[] trained = BatchPlan.rowsTrainedOn(settings, others.length, row -> pairs.tokens(others[row]));
        return IntStream.concat(IntStream.of(trained).map(row -> others[row]), IntStream.of(split.heldOut()))
                .toArray();
    }

    /** The pairs that the training will take count what madpo says of their margins under the reward model. */
    private List<PairExample> weighed(
            TrainingRows<PairExample> pairs, ReferenceLogps reference, int[] needed, StageContext context) {
        WeightRule.MarginAdaptive rule = Objectives.marginAdaptive(align.madpo());
        double[] weights = new double[pairs.size()];
        try (LanguageModel judge = Students.load(recipe, run.model(ModelNames.REWARD), align.training());
                JsonLinesWriter out = context.ranks().isFirst() ? JsonLinesWriter.create(run.margins()) : null) {
            ReferenceLogps judged = reference(judge, pairs, needed, context);
            for (int row : needed) {
                PairExample pair = pairs.get(row);
                double margin = pair.beta() * judged.margin(row, reference);
                weights[row] = rule.weight(margin);
                if (out != null) {
                    out.write(new Line(pair.id(), margin, weights[row]));
                }
            }
            if (out != null) {
                out.commit();
            }
        }
        return new Reweighed(pairs, weights);
    }

    /** Computed once and kept beside the runs: those with other settings need the same. */
    private ReferenceLogps reference(LanguageModel model, List<PairExample> pairs, int[] needed, StageContext context) {
        return ReferenceLogps.of(
                        model,
                        Trainings.compute(align.training()),
                        pairs,
                        needed,
                        align.training().microBatchTokens(),
                        run.reference(),
                        context.ranks(),
                        context.stop()::asked,
                        done -> context.progress(
                                name, done, needed.length, "pairs", new StageDetail.ReferenceScoring()))
                .orElseThrow(StoppedException::new);
    }
}
