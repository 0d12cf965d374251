/**
 * The transformer decoder, forward and backward, with its adapters and its cache. Uses {@code tensor} and {@code hf}.
 */
@NullMarked
package cogent.model.decoder;

import org.jspecify.annotations.NullMarked;
