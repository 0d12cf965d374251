package cogent.pipeline.result;

import cogent.eval.Comparison;

/** A model against a named baseline on the same problems, paired by problem. */
public record ModelComparison(String model, String baseline, Comparison comparison) {}
