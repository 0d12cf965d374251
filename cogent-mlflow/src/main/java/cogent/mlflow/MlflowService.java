package cogent.mlflow;

import cogent.data.InputException;
import cogent.pipeline.recipe.TrackingConfig;
import cogent.pipeline.track.TrackedRun;
import cogent.pipeline.track.TrackedTraining;
import cogent.pipeline.track.TrackerService;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** {@code log_to: [mlflow]}: a run for each training, in the experiment that the recipe names. */
public final class MlflowService implements TrackerService {
    private static final String ADDRESS = "MLFLOW_TRACKING_URI";

    private final Map<String, String> environment;

    public MlflowService() {
        this(System.getenv());
    }

    MlflowService(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public String name() {
        return "mlflow";
    }

    @Override
    public void check(TrackingConfig config) {
        String address = address(config);
        if (!address.matches("https?://.+")) {
            throw new InputException(
                    "log_to: mlflow needs the address of a tracking server, such as http://localhost:5000 (`mlflow"
                            + " server` starts one), as tracking.mlflow in the recipe or as " + ADDRESS + ", not "
                            + (address.isEmpty() ? "nothing" : address));
        }
    }

    @Override
    public TrackedRun begin(TrackedTraining training, TrackingConfig config, Consumer<String> warn) {
        check(config);
        return MlflowRun.begin(MlflowServer.at(address(config), environment), training, config.experiment(), warn);
    }

    private String address(TrackingConfig config) {
        return Optional.ofNullable(config.mlflow())
                .or(() -> Optional.ofNullable(environment.get(ADDRESS)))
                .orElse("")
                .strip()
                .replaceAll("/+$", "");
    }
}
