/** A local page over the runs: what they are made of, how they learn, what they came to. */
@NullMarked
package cogent.studio;

import org.jspecify.annotations.NullMarked;
