/** The ownership layer over libtorch: the only package that sees a raw tensor. */
@NullMarked
package cogent.tensor;

import org.jspecify.annotations.NullMarked;
