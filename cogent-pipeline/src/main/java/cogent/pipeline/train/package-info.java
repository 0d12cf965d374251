/** The stages that train, and what comes before and after. Uses {@code evaluate}, {@code curate} and {@code run}. */
@NullMarked
package cogent.pipeline.train;

import org.jspecify.annotations.NullMarked;
