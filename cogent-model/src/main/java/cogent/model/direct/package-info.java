/** What a step by addresses is made of: rows of numbers in single precision, products of them with a layer's weights, and loops over them. */
@NullMarked
package cogent.model.direct;

import org.jspecify.annotations.NullMarked;
