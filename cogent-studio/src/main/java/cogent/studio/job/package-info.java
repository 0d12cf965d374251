/** Runs that this process itself is doing. */
@NullMarked
package cogent.studio.job;

import org.jspecify.annotations.NullMarked;
