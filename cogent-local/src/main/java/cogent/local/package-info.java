/** A language model in this process as a chat model. May use data, llm and model. */
@NullMarked
package cogent.local;

import org.jspecify.annotations.NullMarked;
