/** A template as written: its statements and expressions. Uses {@code value}. */
@NullMarked
package cogent.jinja.parse;

import org.jspecify.annotations.NullMarked;
