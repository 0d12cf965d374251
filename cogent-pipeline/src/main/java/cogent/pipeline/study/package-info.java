/** Studies: a grid of runs, and what it comes to. Uses {@code cogent.pipeline}. */
@NullMarked
package cogent.pipeline.study;

import org.jspecify.annotations.NullMarked;
