/** What people note on a run's samples. */
@NullMarked
package cogent.pipeline.notes;

import org.jspecify.annotations.NullMarked;
