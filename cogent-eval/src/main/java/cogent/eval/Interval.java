package cogent.eval;

/** A 95 % confidence interval of a fraction or of a difference of fractions. */
public record Interval(double low, double high) {}
