/** Rationales measured by the student itself. Uses {@code agent}. */
@NullMarked
package cogent.curate.student;

import org.jspecify.annotations.NullMarked;
