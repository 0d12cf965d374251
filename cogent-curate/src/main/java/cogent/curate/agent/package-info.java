/** The agents: Critic, Rethinker, Verifier, Distractor, Author; their prompts, and how their replies are read. */
@NullMarked
package cogent.curate.agent;

import org.jspecify.annotations.NullMarked;
