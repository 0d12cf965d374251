/**
 * Answers as mathematics: from LaTeX or plain notation to a tree, and the values of such trees. Uses nothing of the others.
 */
@NullMarked
package cogent.answer.math;

import org.jspecify.annotations.NullMarked;
