/**
 * Critique, Rethink, Verify: the path of one sample, and the pairs it comes to. Uses {@code agent} and {@code rationale}; the room may use data,
 * answer and llm.
 */
@NullMarked
package cogent.curate;

import org.jspecify.annotations.NullMarked;
