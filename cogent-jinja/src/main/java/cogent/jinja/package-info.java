/**
 * Jinja, as transformers runs chat templates. Uses {@code render}, {@code parse} and {@code value}; the room may use nothing else.
 */
@NullMarked
package cogent.jinja;

import org.jspecify.annotations.NullMarked;
