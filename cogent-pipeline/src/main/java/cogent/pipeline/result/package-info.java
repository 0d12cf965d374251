/** What stages come to, as records: a manifest keeps them, and report, terminal and comparison read them. */
@NullMarked
package cogent.pipeline.result;

import org.jspecify.annotations.NullMarked;
