/** {@code cogent inspect}: one piece of the machinery at a time, fed by hand. */
@NullMarked
package cogent.cli.inspect;

import org.jspecify.annotations.NullMarked;
