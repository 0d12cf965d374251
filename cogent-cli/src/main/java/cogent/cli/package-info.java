/** The command line: what users type, and failures in a line or two. The room may use every other. */
@NullMarked
package cogent.cli;

import org.jspecify.annotations.NullMarked;
