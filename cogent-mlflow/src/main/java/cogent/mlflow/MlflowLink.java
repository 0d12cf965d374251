package cogent.mlflow;

import cogent.data.AtomicFile;
import cogent.pipeline.track.TrackedTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowHttpException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which run of the server is a training's, kept beside its metrics, so that a training that goes on after an interruption goes on
 * there too. With other settings, or another server, it is another run.
 *
 * @param run its id; empty before there is one
 */
record MlflowLink(Path file, String address, Map<String, String> params, String run) {
    private static final int GONE = 404;

    private record Kept(String address, Map<String, String> params, String run) {}

    static MlflowLink of(TrackedTraining training, String address) {
        Path file = training.run().metrics(training.stage()).resolveSibling(training.stage() + ".mlflow.json");
        String run = "";
        // a training without a step begins anew, here and there
        if (Files.exists(file) && training.run().savedStep(training.stage()) > 0) {
            try {
                Kept kept = JsonMapper.shared().readValue(Files.readAllBytes(file), Kept.class);
                run = kept.address.equals(address) && kept.params.equals(training.params()) ? kept.run : "";
            } catch (IOException | JacksonException e) {
                run = ""; // another run there is no loss
            }
        }
        return new MlflowLink(file, address, training.params(), run);
    }

    /** The run, as the server has it; null where somebody deleted it. */
    @Nullable
    Run find(MlflowClient client) {
        try {
            Run found = client.getRun(run);
            return found.getInfo().getLifecycleStage().equals("deleted") ? null : found;
        } catch (MlflowHttpException e) {
            if (e.getStatusCode() == GONE) {
                return null;
            }
            throw e;
        }
    }

    void keep(String id) {
        AtomicFile.write(file, JsonMapper.shared().writeValueAsBytes(new Kept(address, params, id)));
    }
}
