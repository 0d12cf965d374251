/** Benchmarks, each beside the limit of the machine in the same run. */
@NullMarked
package cogent.bench;

import org.jspecify.annotations.NullMarked;
