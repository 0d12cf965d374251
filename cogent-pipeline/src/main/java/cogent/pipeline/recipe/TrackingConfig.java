package cogent.pipeline.recipe;

import cogent.pipeline.keys.Key;
import org.jspecify.annotations.Nullable;

/** Where trainings are followed that name a service in {@code log_to}. */
public record TrackingConfig(
        @Key(
                doc =
                        "the tracking server's address; null = the environment's MLFLOW_TRACKING_URI. User and password or a"
                                + " token come from MLFLOW_TRACKING_USERNAME, _PASSWORD and _TOKEN",
                def = "null",
                operational = true,
                aka = "mlflow_tracking_uri")
        @Nullable
        String mlflow,

        @Key(
                doc = "what the service files the trainings under",
                def = "cogent",
                operational = true,
                aka = {"experiment_name", "wandb_project", "project"})
        String experiment) {}
