package cogent.train.objective;

/** The logistic function and its logarithm, without overflow at either end. */
final class Logistic {
    private Logistic() {}

    /** σ(x) = 1 / (1 + e⁻ˣ). */
    static double sigmoid(double x) {
        return Math.exp(logSigmoid(x));
    }

    /** log σ(x). */
    static double logSigmoid(double x) {
        return Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));
    }
}
