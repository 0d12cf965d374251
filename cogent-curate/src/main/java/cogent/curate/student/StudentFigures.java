package cogent.curate.student;

import cogent.curate.agent.StudentProbe.Measure;

/**
 * What the student makes of the rationales of one label: means over those that fit into its context.
 *
 * @param rationales how many were measured
 * @param answerLogp mean of the log-probability per token of the reference answer
 * @param workLogp mean of the log-probability per token of the work
 * @param tokens mean length of the work
 * @param tooLong how many more did not fit
 */
public record StudentFigures(long rationales, double answerLogp, double workLogp, double tokens, long tooLong) {

    /** Adds up measures. */
    public static final class Sum {
        private long fitting;
        private long tooLong;
        private double answer;
        private double work;
        private double tokens;

        public void add(Measure measure) {
            if (measure.fits()) {
                fitting++;
                answer += measure.answerLogp();
                work += measure.workLogp();
                tokens += measure.tokens();
            } else {
                tooLong++;
            }
        }

        public StudentFigures means() {
            double n = Math.max(1, fitting);
            return new StudentFigures(fitting, answer / n, work / n, tokens / n, tooLong);
        }
    }
}
