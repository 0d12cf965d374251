/** Everything between a Hugging Face directory and logits. */
@NullMarked
package cogent.model;

import org.jspecify.annotations.NullMarked;
