/**
 * Chat models: the one method, what is asked, what comes back, and why nothing does. May use {@code cogent.data}.
 */
@NullMarked
package cogent.llm;

import org.jspecify.annotations.NullMarked;
