/** The agents: Critic, Rethinker, Verifier, Distractor, Author, and how their replies are read. Uses {@code prompt}, {@code rationale} and {@code reply}. */
@NullMarked
package cogent.curate.agent;

import org.jspecify.annotations.NullMarked;
