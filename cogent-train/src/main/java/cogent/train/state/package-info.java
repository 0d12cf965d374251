/**
 * What outlives a process: checkpoints, reference log-probabilities, metrics. Uses {@code forward} and {@code rows}.
 */
@NullMarked
package cogent.train.state;

import org.jspecify.annotations.NullMarked;
