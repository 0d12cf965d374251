/**
 * {@code run.db}: every reply under the hash of what was asked, so that none is paid for twice. Uses {@code meter} and {@code resilience}.
 */
@NullMarked
package cogent.llm.store;

import org.jspecify.annotations.NullMarked;
