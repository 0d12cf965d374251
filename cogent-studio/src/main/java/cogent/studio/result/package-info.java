/** What the models of a run answered. */
@NullMarked
package cogent.studio.result;

import org.jspecify.annotations.NullMarked;
