/** The run directory and the stages that fill it. */
@NullMarked
package cogent.cli.run;

import org.jspecify.annotations.NullMarked;
