/** The process as its launcher and native libraries see it: environment, and its place among several. */
@NullMarked
package cogent.model.process;

import org.jspecify.annotations.NullMarked;
