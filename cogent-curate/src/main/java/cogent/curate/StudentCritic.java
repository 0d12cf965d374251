package cogent.curate;

import cogent.curate.Critique.StudentView;
import cogent.curate.StudentProbe.Measure;
import cogent.data.Difficulty;
import cogent.data.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * A Critic grounded in the student (ours): instead of asking a large model to take a small one's view, the small one is
 * measured. A rationale suits it when its work makes the reference answer likely, does not surprise it, and is not among
 * the longest; otherwise it is too brief when it is shorter than most, and too complex when it is longer.
 */
public record StudentCritic(StudentProbe probe, Thresholds thresholds) implements Labeller {
    /** The quantile of both log-probabilities below which a rationale does not suit. */
    static final double POOR = 0.25;
    /** The quantile of the lengths above which it is too long, whatever its probabilities. */
    static final double LONG = 0.9;

    /** Calibrated on the corpus, so that the labels are relative to what there is to choose from. */
    public record Thresholds(double answerLogp, double workLogp, double typicalTokens, double longTokens) {
        /** @throws IllegalArgumentException when there is nothing to calibrate on */
        static Thresholds of(List<Measure> measures) {
            return new Thresholds(
                    quantile(measures, Measure::answerLogp, POOR),
                    quantile(measures, Measure::workLogp, POOR),
                    quantile(measures, Measure::tokens, 0.5),
                    quantile(measures, Measure::tokens, LONG));
        }

        Difficulty label(Measure measure) {
            if (measure.tokens() > longTokens) {
                return Difficulty.HARD;
            }
            if (measure.answerLogp() >= answerLogp && measure.workLogp() >= workLogp) {
                return Difficulty.MEDIUM;
            }
            return measure.tokens() < typicalTokens ? Difficulty.EASY : Difficulty.HARD;
        }

        private static double quantile(List<Measure> measures, ToDoubleFunction<Measure> of, double share) {
            double[] values = measures.stream().mapToDouble(of).toArray();
            if (values.length == 0) {
                throw new IllegalArgumentException("no rationale to calibrate on");
            }
            Arrays.sort(values);
            return values[(int) Math.min(values.length - 1L, Math.round(share * (values.length - 1)))];
        }
    }

    /**
     * Measures a part of the corpus and sets the thresholds by it.
     *
     * @param part a few hundred samples are enough for quartiles
     */
    public static StudentCritic calibrated(StudentProbe probe, Stream<Sample> part) {
        return new StudentCritic(
                probe, Thresholds.of(part.map(sample -> measure(probe, sample)).toList()));
    }

    @Override
    public Critique critique(Sample sample) {
        StudentView view = view(sample);
        return new Critique(view.label(), List.of(), view);
    }

    StudentView view(Sample sample) {
        Measure measure = measure(probe, sample);
        return new StudentView(thresholds.label(measure), measure);
    }

    private static Measure measure(StudentProbe probe, Sample sample) {
        return probe.measure(
                sample.problem(), Steps.withoutAnswer(sample.rationale().text()));
    }
}
