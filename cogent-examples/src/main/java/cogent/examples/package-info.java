/** Cogent from Java code: to be read, copied and changed. */
@NullMarked
package cogent.examples;

import org.jspecify.annotations.NullMarked;
