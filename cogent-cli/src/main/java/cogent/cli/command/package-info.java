/** The commands of the tool. */
@NullMarked
package cogent.cli.command;

import org.jspecify.annotations.NullMarked;
