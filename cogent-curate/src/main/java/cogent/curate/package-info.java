/** Critique, Rethink, Verify: the agents, the path of one sample, the run over a corpus, the pairs. */
@NullMarked
package cogent.curate;

import org.jspecify.annotations.NullMarked;
