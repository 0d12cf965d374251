/** Chat models: one port, the OpenAI-compatible transport, and the wrappers that store, meter and retry. */
@NullMarked
package cogent.llm;

import org.jspecify.annotations.NullMarked;
