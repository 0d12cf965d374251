/** The optimiser and its schedule. Uses {@code forward} for the parameters it moves. */
@NullMarked
package cogent.train.optim;

import org.jspecify.annotations.NullMarked;
