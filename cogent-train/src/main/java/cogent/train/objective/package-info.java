/**
 * Preference objectives as plain arithmetic. Every one of them sees the model only through the summed log-probabilities
 * of a pair's two completions, so an objective is a function from a handful of numbers to a loss and two derivatives;
 * tensors never come here. Adding an objective is adding a file.
 */
@NullMarked
package cogent.train.objective;

import org.jspecify.annotations.NullMarked;
