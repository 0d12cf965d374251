/**
 * A recipe's stages in their order, the running of them, and how far runs are. Uses all beside it but {@code plan} and
 * {@code study}.
 */
@NullMarked
package cogent.pipeline;

import org.jspecify.annotations.NullMarked;
