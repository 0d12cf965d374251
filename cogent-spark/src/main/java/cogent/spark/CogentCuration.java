package cogent.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.udf;

import cogent.curate.clean.NearDuplicates;
import cogent.pipeline.curate.SampleCuration;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Critique, rethink and verify as a step of a batch job. The tasks work on the recipe's store like any other of its processes: a
 * task that fails, or runs twice, finds its replies there and pays for none again; limits and budget hold for all together.
 *
 * <pre>{@code
 * Dataset<Row> corpus = CogentCuration.withoutNearDuplicates(spark.read().parquet("corpus"), "problem", "id");
 * CogentCuration.curate(corpus, RecipeReader.read(Path.of("recipe.yaml"), List.of())).write().parquet("curated");
 * }</pre>
 */
public final class CogentCuration {
    /** The columns of a curated corpus; what does not apply to a row is null or empty. */
    public static final StructType SCHEMA = StructType.fromDDL("""
            id STRING, problem STRING, answer STRING, original STRING,
            label STRING, outcome STRING, source STRING, rationale STRING,
            stage STRING, reason STRING, detail STRING, rounds INT,
            verdicts ARRAY<STRUCT<round: INT, check: STRING, result: STRING, reason: STRING>>,
            calls ARRAY<STRING>,
            sft ARRAY<STRUCT<id: STRING, prompt: STRING, completion: STRING, source: STRING>>,
            pairs ARRAY<STRUCT<id: STRING, prompt: STRING, chosen: STRING, rejected: STRING, beta: DOUBLE, gap: STRING,
              chosen_from: STRING, rejected_from: STRING>>""");

    private CogentCuration() {}

    /**
     * Curates every row, in place: as many rows come out, in the same partitions and order.
     *
     * @param corpus rows in any layout that a corpus file may have ({@code problem, answer, rationale}, {@code messages}, …)
     * @param recipe its {@code store} is what the tasks share
     * @return with the columns of {@link #SCHEMA}: {@code verdicts} of the original (round 0) and of every rewrite, {@code calls}
     *     the keys of the replies in the store that the row was made from, {@code sft} and {@code pairs} the rows to train on.
     *     Refused rows are among them with {@code outcome = 'refused'} and the reason
     * @throws cogent.data.InputException when the recipe has no store, or asks for more than a row at a time
     */
    public static Dataset<Row> curate(Dataset<Row> corpus, Recipe recipe) {
        SampleCuration.requirePossible(recipe);
        return corpus.toJSON()
                .mapPartitions(new CurationTask(RecipeReader.toYaml(recipe)), Encoders.STRING())
                .select(from_json(col("value"), SCHEMA).as("curated"))
                .select("curated.*");
    }

    /**
     * Leaves out rows whose problem is nearly that of an earlier row, as {@code corpus.clean.near_duplicates} does for corpora
     * that fit one machine ({@link NearDuplicates}).
     *
     * @param problem the column with its text
     * @param order a column with another value in each row: of those that are alike the row with the least stays
     */
    public static Dataset<Row> withoutNearDuplicates(Dataset<Row> rows, String problem, String order) {
        UDF1<String, List<Long>> bands = text -> text == null
                ? List.of()
                : Arrays.stream(NearDuplicates.bands(text)).boxed().toList();
        Dataset<Row> banded = rows.select(
                col(order).as("cogent_order"),
                explode(udf(bands, DataTypes.createArrayType(DataTypes.LongType))
                                .apply(col(problem)))
                        .as("cogent_band"));
        Dataset<Row> later = banded.groupBy("cogent_band")
                .agg(min("cogent_order").as("cogent_first"))
                .join(banded, "cogent_band")
                .where(col("cogent_order").gt(col("cogent_first")))
                .select("cogent_order")
                .distinct();
        return rows.join(later, rows.col(order).equalTo(later.col("cogent_order")), "left_anti");
    }

    /**
     * Leaves out rows whose problem stands in an evaluation set ({@link cogent.curate.clean.Contamination}).
     *
     * @param problem the column with its text
     * @param evaluated the sets' problems, with a column {@code problem}; they go to every task
     */
    public static Dataset<Row> withoutEvaluated(Dataset<Row> rows, String problem, Dataset<Row> evaluated) {
        List<String> problems =
                evaluated.select("problem").as(Encoders.STRING()).collectAsList();
        return rows.where(udf(new Unseen(problems.toArray(String[]::new)), DataTypes.BooleanType)
                .apply(col(problem)));
    }
}
