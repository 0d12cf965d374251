/** The agents: Critic, Rethinker, Verifier, Distractor, Author, and how their replies are read. Uses {@code prompt} and {@code rationale}. */
@NullMarked
package cogent.curate.agent;

import org.jspecify.annotations.NullMarked;
