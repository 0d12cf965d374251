package cogent.eval;

import cogent.data.InputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Two models on the same problems, paired by problem.
 *
 * @param difference accuracy of the model minus that of the baseline
 * @param interval 95 % interval of the difference: percentile bootstrap over problems
 * @param pValue two-sided: exact McNemar with one sample a problem, else a sign-flip permutation test
 * @param gained problems that the model solves more often than the baseline
 * @param lost problems that it solves less often
 * @param n problems that both were asked
 */
public record Comparison(double difference, Interval interval, double pValue, long gained, long lost, long n) {
    /** @throws InputException when the two have no problem in common */
    public static Comparison of(Scores model, Scores baseline) {
        Map<String, Scores.Problem> others = new HashMap<>();
        baseline.problems().forEach(problem -> others.put(problem.id(), problem));
        List<Double> found = new ArrayList<>();
        for (Scores.Problem problem : model.problems()) {
            Scores.Problem other = others.get(problem.id());
            if (other != null) {
                found.add(problem.accuracy() - other.accuracy());
            }
        }
        if (found.isEmpty()) {
            throw new InputException("the two evaluations of " + model.benchmark() + " have no problem in common");
        }
        double[] differences = found.stream().mapToDouble(Double::doubleValue).toArray();
        long gained = found.stream().filter(d -> d > 0).count();
        long lost = found.stream().filter(d -> d < 0).count();
        boolean single = model.single() && baseline.single();
        return new Comparison(
                found.stream().mapToDouble(Double::doubleValue).average().orElseThrow(),
                Statistics.bootstrap(differences),
                single ? Statistics.mcNemar(gained, lost) : Statistics.signFlip(differences),
                gained,
                lost,
                differences.length);
    }
}
