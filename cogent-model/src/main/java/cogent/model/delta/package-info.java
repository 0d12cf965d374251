/**
 * The gated delta rule: layers that remember in a state of fixed size. Uses {@code tensor} and {@code hf}.
 */
@NullMarked
package cogent.model.delta;

import org.jspecify.annotations.NullMarked;
