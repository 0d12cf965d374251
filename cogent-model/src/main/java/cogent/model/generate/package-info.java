/** Text from a decoder, many at once. Uses {@code decoder} and {@code text}. */
@NullMarked
package cogent.model.generate;

import org.jspecify.annotations.NullMarked;
