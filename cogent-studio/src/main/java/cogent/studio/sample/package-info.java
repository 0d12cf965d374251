/** The samples of a curation: found, read with their stories, noted on, saved. */
@NullMarked
package cogent.studio.sample;

import org.jspecify.annotations.NullMarked;
