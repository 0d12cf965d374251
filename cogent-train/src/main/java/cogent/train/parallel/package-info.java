/** Data-parallel training: how rows are dealt to the ranks, and how their gradients come together. Uses {@code forward}. */
@NullMarked
package cogent.train.parallel;

import org.jspecify.annotations.NullMarked;
