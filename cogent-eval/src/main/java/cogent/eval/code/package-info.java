/** Programs that a model wrote: their tests, and the sandbox that runs them. */
@NullMarked
package cogent.eval.code;

import org.jspecify.annotations.NullMarked;
