/** The {@linkplain cogent.llm.store.SharedStore shared store} of a run in PostgreSQL. */
@NullMarked
package cogent.postgres;

import org.jspecify.annotations.NullMarked;
