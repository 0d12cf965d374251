/** Recipe, stages, run directory, commands, progress and report. */
@NullMarked
package cogent.cli;

import org.jspecify.annotations.NullMarked;
