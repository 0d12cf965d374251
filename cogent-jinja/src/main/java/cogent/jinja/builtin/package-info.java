/**
 * What a template finds there: attributes and methods of values, filters, tests, global functions. Uses {@code value}.
 */
@NullMarked
package cogent.jinja.builtin;

import org.jspecify.annotations.NullMarked;
