package cogent.spark;

import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The job for {@code spark-submit}, and the example to copy: a corpus as Parquet in, with columns problem and id, curated out. */
public final class CurateParquet {
    private CurateParquet() {}

    /** @param args the recipe's file, where the corpus lies, where the curated one goes, and the evaluation sets as JSON Lines */
    public static void main(String[] args) {
        if (args.length < 3) {
            System.err.println("expected: RECIPE CORPUS OUTPUT [EVALUATION-SET...]");
            System.exit(2);
        }
        Recipe recipe = RecipeReader.read(Path.of(args[0]), List.of());
        SparkSession spark =
                SparkSession.builder().appName("cogent " + recipe.name()).getOrCreate();
        Dataset<Row> corpus = spark.read().parquet(args[1]);
        corpus = CogentCuration.withoutNearDuplicates(corpus, "problem", "id");
        for (int i = 3; i < args.length; i++) {
            corpus = CogentCuration.withoutEvaluated(
                    corpus, "problem", spark.read().json(args[i]));
        }
        CogentCuration.curate(corpus, recipe).write().parquet(args[2]);
        spark.stop();
    }
}
