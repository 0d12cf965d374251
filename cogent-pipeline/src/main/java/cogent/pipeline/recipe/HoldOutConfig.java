package cogent.pipeline.recipe;

import static cogent.data.InputException.require;

import cogent.pipeline.keys.Key;
import cogent.train.loop.HoldOut;

/** Evaluation on held-out rows while training; share 0: none. */
public record HoldOutConfig(
        @Key(
                doc = "of the prompts; 0 = none",
                def = "0.0",
                range = "[0,1)",
                aka = {"val_size", "val_set_size", "eval_size"})
        double share,

        @Key(doc = "steps between evaluations", def = "50", range = "[1,)", aka = "eval_steps")
        int every,

        @Key(
                doc = "what is best: loss, or accuracy (of tokens; in align of rewards)",
                def = "loss",
                aka = "metric_for_best_model")
        HoldOut.Metric metric,

        @Key(
                doc = "evaluations without a new best after which training stops; 0 = never",
                def = "0",
                range = "[0,)",
                aka = "early_stopping_patience")
        int patience,

        @Key(doc = "the model saved is the best one, not the last", def = "true", aka = "load_best_model_at_end")
        boolean best) {
    public HoldOutConfig {
        require(
                share > 0 || (every == 50 && metric == HoldOut.Metric.LOSS && patience == 0 && best),
                "share is 0, so that no row is held out and nothing is measured: set hold_out.share (0.05, say), or leave its other"
                        + " keys out");
    }
}
