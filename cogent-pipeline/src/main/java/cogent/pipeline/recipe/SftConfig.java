package cogent.pipeline.recipe;

import cogent.pipeline.keys.Key;
import cogent.pipeline.keys.Unwrapped;
import org.jspecify.annotations.Nullable;

/** Supervised fine-tuning. */
public record SftConfig(
        @Key(
                doc = "a file of your own rows in place of the curation's: JSONL (.gz), JSON or Parquet with prompt and"
                        + " completion as text, messages or token ids, or with whole conversations;"
                        + " docs/your-own-rows.md. With no corpus.path nothing is curated",
                def = "null",
                operational = true,
                path = true)
        @Nullable
        String rows,

        @Key(doc = "leaves rows out by what the student makes of them; scores and reasons: selection.jsonl")
        SelectConfig select,

        @Unwrapped("{epochs: 3, learning_rate: 2.0e-5, weight_decay: 0.05}")
        TrainingConfig training) {}
