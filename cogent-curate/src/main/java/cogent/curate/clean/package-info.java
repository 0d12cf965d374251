/** What keeps a sample out of the curation before any call. Uses {@code cogent.curate}. */
@NullMarked
package cogent.curate.clean;

import org.jspecify.annotations.NullMarked;
