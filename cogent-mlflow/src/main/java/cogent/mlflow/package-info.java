/** Trainings followed on an MLflow server, through MLflow's own client. */
@NullMarked
package cogent.mlflow;

import org.jspecify.annotations.NullMarked;
