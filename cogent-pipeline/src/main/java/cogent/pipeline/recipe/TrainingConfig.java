package cogent.pipeline.recipe;

import static cogent.data.InputException.require;

import cogent.pipeline.keys.Key;
import cogent.train.forward.BatchLayout;
import cogent.train.loop.OnNan;
import cogent.train.optim.Schedule;
import java.util.List;

/** What SFT and alignment have in common. */
public record TrainingConfig(
        @Key(
                doc = "whole passes over the rows",
                def = "1",
                range = "[1,)",
                aka = {"num_epochs", "num_train_epochs"})
        int epochs,

        @Key(doc = "0 = as many as the epochs make", def = "0", range = "[0,)", aka = "num_steps")
        int maxSteps,

        @Key(
                doc = "rows or pairs a step",
                def = "8",
                range = "[1,)",
                aka = {
                    "per_device_train_batch_size",
                    "train_batch_size",
                    "micro_batch_size",
                    "gradient_accumulation_steps"
                })
        int batchSize,

        @Key(
                doc = "above 0: a step takes as many rows as make this many tokens, whatever batch_size says",
                def = "0",
                range = "[0,)")
        int batchTokens,

        @Key(
                doc = "tokens that go through the model at once; larger batches are accumulated",
                def = "8192",
                range = "[1,)",
                operational = true)
        int microBatchTokens,

        @Key(
                doc = "how sequences lie: packed end to end; shared = packed, a pair's prompt once; padded, to compare",
                def = "shared",
                operational = true,
                aka = {"packing", "sample_packing", "padding_free"})
        BatchLayout layout,

        @Key(
                doc = "0 = keep what the layers computed; k = keep every k-th layer's input: less memory, more time",
                def = "0",
                range = "[0,)",
                operational = true,
                aka = {"gradient_checkpointing", "activation_checkpointing"})
        int recompute,

        @Key(
                doc =
                        "among several processes: each holds gradients and AdamW's moments for its share of the weights only (ZeRO-2)",
                def = "false",
                operational = true,
                aka = {"zero_optimization", "zero_stage", "fsdp"})
        boolean shardOptimiser,

        @Key(
                doc = "of the layers' products; bf16 = mixed precision: weights, gradients, moments, norms and loss"
                        + " stay fp32. Faster where the processor has such products (GPUs; CPUs with avx512_bf16 or"
                        + " amx). tf32 = fp32 with faster products on a GPU",
                def = "fp32",
                aka = {"bf16", "fp16", "torch_dtype", "mixed_precision"})
        Precision dtype,

        @Key(
                doc = "of the saved model: auto = as the student came, where nine of ten weights that training moved"
                        + " still differ in that type, else fp32: bf16 rounds small updates away; fp32, bf16",
                def = "auto")
        SaveType saveDtype,

        @Key(doc = "its peak, after the warm-up", def = "1.0e-6", range = "(0,)", aka = "lr")
        double learningRate,

        @Key(
                doc = "cosine, linear, constant; wsd = constant, then down to 0 over the last decay_ratio",
                def = "cosine",
                aka = {"lr_scheduler", "lr_scheduler_type"})
        Schedule schedule,

        @Key(doc = "share of the steps", def = "0.1", range = "[0,1]", aka = "warmup_steps")
        double warmupRatio,

        @Key(doc = "share of the steps; wsd", def = "0.1", range = "[0,1]")
        double decayRatio,

        @Key(doc = "of matrices; norms and biases have none", def = "0.0", range = "[0,1)")
        double weightDecay,

        @Key(doc = "further weights without it, by name, * for anything: [\"*embed_tokens*\"]", def = "[]")
        List<String> noDecay,

        @Key(
                doc = "AdamW's memory of squared gradients; 0.95 forgets spikes sooner, and suits short runs",
                def = "0.999",
                range = "[0,1)",
                aka = "beta2")
        double adamBeta2,

        @Key(
                doc = "longer gradients are shortened to it; 0 = never",
                def = "1.0",
                range = "[0,)",
                aka = {"gradient_clipping", "max_norm"})
        double maxGradNorm,

        @Key(
                doc = "tokens of prompt and completion",
                def = "16384",
                range = "[2,)",
                aka = {"max_seq_length", "max_seq_len", "sequence_len", "cutoff_len", "model_max_length"})
        int maxLength,

        @Key(
                doc = "longer rows: drop = refused with their line; prompt_left = the prompt loses its beginning;"
                        + " completion = the reply loses its end (sft only: a pair's rationale is never cut). All are"
                        + " counted",
                def = "drop",
                aka = "truncation_mode")
        Truncate truncate,

        @Key(doc = "weights that stay as they are, by name, * for anything: [\"model.embed_tokens.*\"]", def = "[]")
        List<String> freeze,

        @Key(
                doc = "a low-rank adapter instead of the weights; models/NAME gets it merged, models/NAME-adapter"
                        + " alone. In align it lies on the SFT model, which is the reference with the adapter off",
                aka = {"peft", "adapter", "finetuning_type"})
        LoraConfig lora,

        @Key(
                doc = "rows that are not trained on but measured while training (eval_loss, …); of pairs, all of a"
                        + " prompt lie on one side")
        HoldOutConfig holdOut,

        @Key(doc = "a step that is not finite: stop, naming its rows; skip = leave it out and count it", def = "stop")
        OnNan onNan,

        @Key(
                doc = "also written at the end and on Ctrl-C",
                def = "500",
                range = "[1,)",
                operational = true,
                aka = "save_steps")
        int checkpointSteps,

        @Key(
                doc = "the newest; the best one besides",
                def = "2",
                range = "[1,)",
                operational = true,
                aka = "save_total_limit")
        int checkpointsKept,

        @Key(
                doc =
                        "besides metrics.jsonl: tensorboard = event files in the run's folder; mlflow = the server at tracking.mlflow",
                def = "[]",
                operational = true,
                aka = "report_to")
        List<Tracker> logTo) {
    /** What the trained weights are saved in. */
    public enum SaveType {
        AUTO,
        FP32,
        BF16
    }

    /** What becomes of rows that are too long. */
    public enum Truncate {
        DROP,
        PROMPT_LEFT,
        COMPLETION
    }

    /** Where metrics go besides their file. */
    public enum Tracker {
        TENSORBOARD,
        MLFLOW
    }

    public TrainingConfig {
        require(
                schedule != Schedule.WSD || warmupRatio + decayRatio <= 1,
                "warmup_ratio and decay_ratio are more than the whole run together");
        require(
                schedule == Schedule.WSD || decayRatio == 0.1,
                "decay_ratio is for schedule wsd: the others fall from the warm-up to the end, or never");
        require(
                lora.rank() == 0 || freeze.isEmpty(),
                "freeze and lora cannot go together: with an adapter all weights are frozen");
        require(
                lora.dropout() == 0 || recompute == 0,
                "lora.dropout and recompute cannot go together: what is computed again would be drawn anew");
    }
}
