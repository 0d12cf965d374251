/** Training rows: read, tokenised, and told apart by their digests. The room may use data and model. */
@NullMarked
package cogent.train.rows;

import org.jspecify.annotations.NullMarked;
