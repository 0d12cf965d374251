/**
 * The vocabulary of the method as records: problems, rationales, pairs, and what is said when something given is wrong.
 * May use {@code cogent.answer}.
 */
@NullMarked
package cogent.data;

import org.jspecify.annotations.NullMarked;
