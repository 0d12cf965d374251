/**
 * What stages share: the run directory, manifests, the student, the corpus, progress and the wish to stop. Uses
 * {@code recipe}.
 */
@NullMarked
package cogent.pipeline.run;

import org.jspecify.annotations.NullMarked;
