package cogent.pipeline.study;

import cogent.eval.Interval;
import cogent.eval.Replicates;
import cogent.pipeline.run.Environment.Fact;
import cogent.pipeline.run.MetricPoint;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a study came to.
 *
 * @param command what has it again
 * @param complete runs that are done, of {@code runs}
 * @param text the study file
 */
public record StudyResult(
        String name,
        String version,
        Instant written,
        String command,
        List<Long> seeds,
        int complete,
        int runs,
        String baseline,
        List<Table> tables,
        List<Cost> costs,
        List<Curves> curves,
        List<Fact> environment,
        String text) {
    public StudyResult {
        seeds = List.copyOf(seeds);
        tables = List.copyOf(tables);
        costs = List.copyOf(costs);
        curves = List.copyOf(curves);
        environment = List.copyOf(environment);
    }

    /** One benchmark: the variants in the study's order, and the planned comparisons. */
    public record Table(String benchmark, String decoding, List<Row> rows, List<Difference> differences) {
        public Table {
            rows = List.copyOf(rows);
            differences = List.copyOf(differences);
        }
    }

    /**
     * A variant.
     *
     * @param about what it changes in the recipe
     * @param model which of its models is measured
     * @param seeds one entry for each seed that is done
     * @param mean of the accuracies over seeds
     * @param hierarchical 95 % bootstrap over seeds and problems
     */
    public record Row(
            String variant,
            String about,
            String model,
            List<Seeded> seeds,
            Replicates.Mean mean,
            Interval hierarchical) {
        public Row {
            seeds = List.copyOf(seeds);
        }
    }

    /** One run's measurement. */
    public record Seeded(
            long seed, long correct, long n, double accuracy, double meanTokens, long truncated, long unstated) {}

    /**
     * Variant minus against, on the seeds that both have, problem by problem.
     *
     * @param p two-sided paired t-test over seeds
     * @param corrected the same after Holm's correction for all comparisons of this benchmark
     */
    public record Difference(
            String variant,
            String against,
            List<Double> bySeed,
            Replicates.Mean mean,
            Interval hierarchical,
            double p,
            double corrected) {
        public Difference {
            bySeed = List.copyOf(bySeed);
        }

        public Difference withCorrected(double value) {
            return new Difference(variant, against, bySeed, mean, hierarchical, p, value);
        }
    }

    /**
     * What a variant used, means over its runs.
     *
     * @param seconds of all its stages, whoever ran them
     * @param own of those that it ran itself
     * @param trainedTokens tokens that went through training
     * @param teacherCalls replies of the teacher
     * @param teacherTokens tokens of those, as the endpoint counts them
     */
    public record Cost(
            String variant,
            int runs,
            double seconds,
            double own,
            double trainedTokens,
            double teacherCalls,
            double teacherTokens) {}

    /** A training of a variant, the mean over seeds step by step; by TRL's names of metrics. */
    public record Curves(String variant, String stage, Map<String, List<MetricPoint>> metrics) {
        public Curves {
            metrics = Map.copyOf(metrics);
        }
    }
}
