/** The agents' prompts: their texts, and what is set into them. Uses nothing of the other packages. */
@NullMarked
package cogent.curate.prompt;

import org.jspecify.annotations.NullMarked;
