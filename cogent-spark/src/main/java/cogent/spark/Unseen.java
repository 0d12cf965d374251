package cogent.spark;

import cogent.curate.clean.Contamination;
import cogent.data.Problem;
import java.util.Arrays;
import org.apache.spark.sql.api.java.UDF1;
import org.jspecify.annotations.Nullable;

/** Whether a problem stands in none of the evaluation sets; travels as their texts. */
final class Unseen implements UDF1<@Nullable String, Boolean> {
    private static final long serialVersionUID = 1L;

    private final String[] problems;
    private transient @Nullable Contamination sets;

    Unseen(String[] problems) {
        this.problems = problems.clone();
    }

    @Override
    public Boolean call(@Nullable String text) {
        return text == null
                || text.isBlank()
                || sets().refuse(new Problem("row", text, "answer")).isEmpty();
    }

    private synchronized Contamination sets() {
        Contamination known = sets;
        if (known == null) {
            known = new Contamination(Arrays.stream(problems)
                    .filter(problem -> !problem.isBlank())
                    .map(problem -> new Problem("evaluated", problem, "answer")));
            sets = known;
        }
        return known;
    }
}
