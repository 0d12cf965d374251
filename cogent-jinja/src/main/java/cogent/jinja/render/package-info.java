/** The statements of a template, run. Uses {@code parse}, {@code builtin} and {@code value}. */
@NullMarked
package cogent.jinja.render;

import org.jspecify.annotations.NullMarked;
