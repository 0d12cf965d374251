/** Retries, rate limits, concurrency and the circuit breaker of an endpoint. Uses {@code cogent.llm}. */
@NullMarked
package cogent.llm.resilience;

import org.jspecify.annotations.NullMarked;
