/** The text of a rationale: its steps, its layout, and what makes a wrong one fit to be rejected. */
@NullMarked
package cogent.curate.rationale;

import org.jspecify.annotations.NullMarked;
