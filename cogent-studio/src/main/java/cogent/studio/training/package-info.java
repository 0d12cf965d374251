/** How the trainings of runs go: curves, what they mean, and what differs between runs. */
@NullMarked
package cogent.studio.training;

import org.jspecify.annotations.NullMarked;
