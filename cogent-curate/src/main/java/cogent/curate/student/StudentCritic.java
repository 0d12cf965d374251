package cogent.curate.student;

import cogent.curate.agent.Critique;
import cogent.curate.agent.Critique.StudentView;
import cogent.curate.agent.Labeller;
import cogent.curate.agent.StudentProbe.Measure;
import cogent.data.Difficulty;
import cogent.data.InputException;
import cogent.data.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * A Critic grounded in the student (ours): instead of asking a large model to take a small one's view, the small one is
 * measured. A rationale suits it when its work makes the reference answer likely, does not surprise it, and is not among
 * the longest; otherwise it is too brief when it is shorter than most, and too complex when it is longer. By the other
 * {@link Figure}, in place of both, its rank-surprisal ratio must not be among the highest.
 */
public record StudentCritic(Function<Sample, Measure> measured, Thresholds thresholds) implements Labeller {

    /** What a rationale suits the student by. */
    public enum Figure {
        /** How likely the answer is after the work, and the work itself. */
        LIKELIHOOD,
        /** {@link Measure#rankSurprisal}: what surprises and is yet within reach teaches most. */
        RANK_SURPRISAL
    }

    /**
     * What share of the corpus is taken for unsuitable.
     *
     * @param unlikely the share with the least likely answers, and likewise the one with the most surprising work; or the one
     *     with the highest rank-surprisal ratio
     * @param longest the share that is too long, whatever its probabilities
     */
    public record Shares(double unlikely, double longest) {
        /** A quarter and a tenth: quartiles are the usual cut where no scale is known beforehand. */
        public static final Shares DEFAULT = new Shares(0.25, 0.1);
    }

    /**
     * Calibrated on the corpus, so that the labels are relative to what there is to choose from; those of the other figure are
     * infinite, and hold for all.
     */
    public record Thresholds(
            double answerLogp, double workLogp, double rankSurprisal, double typicalTokens, double longTokens) {
        /** @throws InputException when there is nothing to calibrate on */
        static Thresholds of(List<Measure> corpus, Figure figure, Shares shares) {
            List<Measure> measures = corpus.stream().filter(Measure::fits).toList();
            if (measures.isEmpty()) {
                throw new InputException(
                        corpus.isEmpty()
                                ? "the corpus holds no rationale to measure with the student"
                                : "no rationale of the corpus fits into the student's context: the shortest has "
                                        + corpus.stream()
                                                .mapToInt(Measure::tokens)
                                                .min()
                                                .orElse(0)
                                        + " tokens. Set curate.critic.by to teacher, or take a student with a longer one");
            }
            boolean likelihood = figure == Figure.LIKELIHOOD;
            return new Thresholds(
                    likelihood ? quantile(measures, Measure::answerLogp, shares.unlikely()) : Double.NEGATIVE_INFINITY,
                    likelihood ? quantile(measures, Measure::workLogp, shares.unlikely()) : Double.NEGATIVE_INFINITY,
                    likelihood
                            ? Double.POSITIVE_INFINITY
                            : quantile(measures, Measure::rankSurprisal, 1 - shares.unlikely()),
                    quantile(measures, Measure::tokens, 0.5),
                    quantile(measures, Measure::tokens, 1 - shares.longest()));
        }

        Difficulty label(Measure measure) {
            if (!measure.fits() || measure.tokens() > longTokens) {
                return Difficulty.HARD;
            }
            if (measure.answerLogp() >= answerLogp
                    && measure.workLogp() >= workLogp
                    && measure.rankSurprisal() <= rankSurprisal) {
                return Difficulty.MEDIUM;
            }
            return measure.tokens() < typicalTokens ? Difficulty.EASY : Difficulty.HARD;
        }

        private static double quantile(List<Measure> measures, ToDoubleFunction<Measure> of, double share) {
            double[] values = measures.stream().mapToDouble(of).toArray();
            Arrays.sort(values);
            return values[(int) Math.min(values.length - 1L, Math.round(share * (values.length - 1)))];
        }
    }

    /**
     * Sets the thresholds by the corpus.
     *
     * @param corpus the measures of all of it, or of enough for quartiles
     */
    public static StudentCritic calibrated(Measures measures, List<Measure> corpus, Figure figure, Shares shares) {
        return new StudentCritic(measures::of, Thresholds.of(corpus, figure, shares));
    }

    @Override
    public Critique critique(Sample sample) {
        StudentView view = view(sample);
        return new Critique(view.label(), List.of(), view);
    }

    StudentView view(Sample sample) {
        Measure measure = measured.apply(sample);
        return new StudentView(thresholds.label(measure), measure);
    }
}
