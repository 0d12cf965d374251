/** The runs of a folder, and one of them. */
@NullMarked
package cogent.studio.run;

import org.jspecify.annotations.NullMarked;
