/** Benchmarks, grading and error bars. */
@NullMarked
package cogent.eval;

import org.jspecify.annotations.NullMarked;
