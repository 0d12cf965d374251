/** Options that several commands share. */
@NullMarked
package cogent.cli.option;

import org.jspecify.annotations.NullMarked;
