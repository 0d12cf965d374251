/** The evaluation, and evaluations side by side. Uses {@code curate} and {@code run}. */
@NullMarked
package cogent.pipeline.evaluate;

import org.jspecify.annotations.NullMarked;
