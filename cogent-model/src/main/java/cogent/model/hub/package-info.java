/**
 * The Hugging Face hub: names of models and datasets, the cache that Python tools share, download and upload. May use
 * {@code cogent.data}.
 */
@NullMarked
package cogent.model.hub;

import org.jspecify.annotations.NullMarked;
