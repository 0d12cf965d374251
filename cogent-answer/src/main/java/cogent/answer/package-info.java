/**
 * Final answers: finding them in text and deciding whether two of them are equal. Uses {@code cogent.answer.math}.
 */
@NullMarked
package cogent.answer;

import org.jspecify.annotations.NullMarked;
