/**
 * OpenAI-compatible endpoints over HTTP. Uses {@code meter} and {@code resilience} for the settings of an endpoint.
 */
@NullMarked
package cogent.llm.openai;

import org.jspecify.annotations.NullMarked;
