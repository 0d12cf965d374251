package cogent.report;

import cogent.eval.Comparison;
import cogent.pipeline.result.ModelComparison;
import cogent.report.chart.Typography;

/** What a paired comparison says, in one sentence made from its numbers alone. */
final class ComparisonSentence {
    private ComparisonSentence() {}

    /** Below this the paired test is taken to see a difference, as at the 95 % interval. */
    static final double LEVEL = 0.05;

    static String of(ModelComparison compared) {
        Comparison c = compared.comparison();
        String model = compared.model();
        String baseline = compared.baseline();
        double low = c.interval().low();
        double high = c.interval().high();
        if (c.n() == 0 || !Double.isFinite(c.difference()) || !Double.isFinite(low) || !Double.isFinite(high)) {
            return model + " and " + baseline + " were not asked the same problems: nothing can be said.";
        }
        String points = Typography.points(Math.abs(c.difference())) + " points";
        boolean excludesZero = low > 0 || high < 0;
        boolean testSees = c.pValue() < LEVEL;
        if (excludesZero && Double.isFinite(c.pValue()) && !testSees) {
            return "Undecided: the interval excludes 0, but the paired test does not (" + Typography.pValue(c.pValue())
                    + ").";
        }
        if (!excludesZero && testSees) {
            return "Undecided: the paired test sees a difference (" + Typography.pValue(c.pValue())
                    + "), but the interval holds 0.";
        }
        if (!excludesZero) {
            return model + " and " + baseline + " cannot be told apart at n = " + Typography.count(c.n())
                    + ": the interval holds 0.";
        }
        return model + " solves " + points + (low > 0 ? " more" : " fewer") + " than " + baseline
                + ": the interval excludes 0.";
    }
}
