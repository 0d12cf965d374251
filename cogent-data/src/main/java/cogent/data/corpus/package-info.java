/**
 * From rows of any layout in common use to the vocabulary, and back for other trainers. Uses {@code cogent.data.file}.
 */
@NullMarked
package cogent.data.corpus;

import org.jspecify.annotations.NullMarked;
