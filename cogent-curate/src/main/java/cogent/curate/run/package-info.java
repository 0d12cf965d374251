/**
 * The curation of a corpus of any size: many samples at once, continued where it was cut off. Uses all beside it.
 */
@NullMarked
package cogent.curate.run;

import org.jspecify.annotations.NullMarked;
