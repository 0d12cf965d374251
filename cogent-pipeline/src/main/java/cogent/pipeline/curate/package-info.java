/** The stages that ask agents, and what they are made of. Uses {@code run}. */
@NullMarked
package cogent.pipeline.curate;

import org.jspecify.annotations.NullMarked;
