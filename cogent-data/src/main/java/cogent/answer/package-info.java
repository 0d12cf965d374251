/** Final answers: finding them in text and deciding whether two of them are equal. */
@NullMarked
package cogent.answer;

import org.jspecify.annotations.NullMarked;
