package cogent.pipeline;

import cogent.pipeline.curate.AuthorStage;
import cogent.pipeline.curate.CurateStage;
import cogent.pipeline.curate.RawRowsStage;
import cogent.pipeline.evaluate.EvaluateStage;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Stage;
import cogent.pipeline.run.TrainingInputs;
import cogent.pipeline.train.AlignStage;
import cogent.pipeline.train.DistilStage;
import cogent.pipeline.train.OnPolicyStage;
import cogent.pipeline.train.SelectStage;
import cogent.pipeline.train.SftStage;
import java.util.ArrayList;
import java.util.List;

/** The stages that a recipe asks for, in the order in which the data flows. */
final class Stages {
    private Stages() {}

    static List<Stage> of(Recipe recipe, RunDirectory run) {
        List<Stage> stages = new ArrayList<>();
        if (usesPlayground(recipe)) {
            stages.add(new PlaygroundStage(recipe, run));
        }
        if (recipe.corpus().path() == null
                && !recipe.bringsRows()
                && !recipe.evaluate().benchmarks().isEmpty()) {
            stages.add(new EvaluateStage(recipe, run)); // nothing to curate or train on: models that are there already
            return stages;
        }
        if (recipe.curate().author().writes()) {
            stages.add(new AuthorStage(recipe, run));
        }
        if (recipe.rawSft().enabled()) {
            stages.add(new RawRowsStage(recipe, run));
            stages.add(new SftStage(recipe, run, "raw-sft", run.rawRows(), run.model("raw")));
        }
        if (!recipe.bringsRows()) {
            stages.add(new CurateStage(recipe, run));
        }
        if (recipe.fineTunes()) {
            if (recipe.sft().select().selects()) {
                stages.add(new SelectStage(recipe, run));
            }
            stages.add(new SftStage(recipe, run, "sft", TrainingInputs.sftRows(recipe, run), run.model("sft")));
        }
        if (recipe.aligns()) {
            if (recipe.onPolicy().samples() > 0) {
                stages.add(new OnPolicyStage(recipe, run));
            }
            if (recipe.reward().enabled()) {
                stages.add(AlignStage.reward(recipe, run));
            }
            stages.add(AlignStage.of(recipe, run));
        }
        if (recipe.distils()) {
            stages.add(new DistilStage(recipe, run));
        }
        if (!recipe.evaluate().benchmarks().isEmpty()) {
            stages.add(new EvaluateStage(recipe, run));
        }
        return stages;
    }

    private static boolean usesPlayground(Recipe recipe) {
        return Recipe.PLAYGROUND.equals(recipe.corpus().path())
                || Recipe.PLAYGROUND.equals(recipe.student().model())
                || recipe.evaluate().benchmarks().contains(Recipe.PLAYGROUND);
    }
}
