/** What calls come to in tokens and money, and the budget that they must keep. Uses {@code cogent.llm}. */
@NullMarked
package cogent.llm.meter;

import org.jspecify.annotations.NullMarked;
