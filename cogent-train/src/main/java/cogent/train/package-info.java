/** Objectives, batches, optimiser, schedule, checkpoints and the training loop. */
@NullMarked
package cogent.train;

import org.jspecify.annotations.NullMarked;
