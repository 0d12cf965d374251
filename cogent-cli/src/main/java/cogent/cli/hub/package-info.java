/** The commands that bring models from the hub and put them there. */
@NullMarked
package cogent.cli.hub;

import org.jspecify.annotations.NullMarked;
