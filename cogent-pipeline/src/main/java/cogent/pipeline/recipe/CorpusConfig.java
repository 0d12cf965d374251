package cogent.pipeline.recipe;

import cogent.pipeline.keys.Key;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the triples (x, y, r) come from. */
public record CorpusConfig(
        @Key(
                doc = "JSONL (.gz), JSON or Parquet with problem, rationale, answer; layouts are recognised",
                def = "null",
                operational = true,
                path = true,
                aka = {"dataset", "dataset_path", "train_file"})
        @Nullable
        String path,

        @Key(doc = "name the columns yourself: {problem: q, rationale: r, answer: a, id: key}", def = "{}")
        Map<String, String> fields,

        @Key(doc = "take only the first rows; 0 = all", def = "0", range = "[0,)", aka = "max_samples")
        long limit,

        @Key(
                doc = "stop when a larger share of the rows is malformed",
                def = "0.2",
                range = "[0,1]",
                operational = true)
        double maxRefused,

        @Key(
                doc = "share of the problems kept out of every training and written to held-out.jsonl; the text of a"
                        + " problem decides, so equal problems are on the same side in every run",
                def = "0.0",
                range = "[0,1)",
                aka = {"val_set_size", "val_size"})
        double heldOut,

        @Key(doc = "before any training or call; what is left out stands in refused.jsonl with its reason")
        CleanConfig clean) {}
