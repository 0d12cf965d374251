/** What is trained, and its scores of completions with their way back. Uses {@code rows}. */
@NullMarked
package cogent.train.forward;

import org.jspecify.annotations.NullMarked;
