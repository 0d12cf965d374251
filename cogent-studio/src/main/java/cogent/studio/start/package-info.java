/** A recipe as a form, with its plan beside it. */
@NullMarked
package cogent.studio.start;

import org.jspecify.annotations.NullMarked;
