/** Calls by file at the batch price, in the format of OpenAI's batch API. Uses {@code openai} and {@code store}. */
@NullMarked
package cogent.llm.batch;

import org.jspecify.annotations.NullMarked;
