/** What a run would take, before anything is spent. Uses {@code cogent.pipeline}. */
@NullMarked
package cogent.pipeline.plan;

import org.jspecify.annotations.NullMarked;
