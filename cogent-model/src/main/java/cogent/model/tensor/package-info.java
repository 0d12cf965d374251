/** The ownership layer over libtorch: the only package that sees a raw tensor. May use {@code cogent.data}. */
@NullMarked
package cogent.model.tensor;

import org.jspecify.annotations.NullMarked;
