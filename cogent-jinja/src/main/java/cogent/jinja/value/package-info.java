/** Python's values and what its operators make of them, and what a rendering may take of time and memory. */
@NullMarked
package cogent.jinja.value;

import org.jspecify.annotations.NullMarked;
