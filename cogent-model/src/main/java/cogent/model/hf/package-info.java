/** A Hugging Face directory: config and safetensors. Uses {@code tensor}. */
@NullMarked
package cogent.model.hf;

import org.jspecify.annotations.NullMarked;
