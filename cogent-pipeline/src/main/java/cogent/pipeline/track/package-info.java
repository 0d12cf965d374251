/** Where trainings are followed besides the run's own files: TensorBoard, and services that other modules bring. */
@NullMarked
package cogent.pipeline.track;

import org.jspecify.annotations.NullMarked;
