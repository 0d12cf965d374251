/** A chat model behind HTTP, as OpenAI's clients ask for it. May use llm and local. */
@NullMarked
package cogent.serve;

import org.jspecify.annotations.NullMarked;
