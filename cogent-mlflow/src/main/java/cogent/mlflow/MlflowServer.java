package cogent.mlflow;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;
import org.mlflow.tracking.creds.MlflowHostCreds;
import org.mlflow.tracking.creds.MlflowHostCredsProvider;

/**
 * A tracking server, with what lets us in there.
 *
 * @param authorization the header of requests that the client does not make; empty where there is none
 */
record MlflowServer(String address, MlflowClient client, Optional<String> authorization) {
    /** @param environment may have MLflow's own variables {@code MLFLOW_TRACKING_USERNAME}, {@code _PASSWORD}, {@code _TOKEN} */
    static MlflowServer at(String address, Map<String, String> environment) {
        @Nullable String user = environment.get("MLFLOW_TRACKING_USERNAME");
        @Nullable String password = environment.get("MLFLOW_TRACKING_PASSWORD");
        @Nullable String token = environment.get("MLFLOW_TRACKING_TOKEN");
        boolean insecure = "true".equalsIgnoreCase(environment.get("MLFLOW_TRACKING_INSECURE_TLS"));
        Optional<String> authorization = user != null && password != null
                ? Optional.of("Basic "
                        + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8)))
                : Optional.ofNullable(token).map(given -> "Bearer " + given);
        return new MlflowServer(
                address, new MlflowClient(credentials(address, user, password, token, insecure)), authorization);
    }

    private static MlflowHostCredsProvider credentials(
            String address,
            @Nullable String user,
            @Nullable String password,
            @Nullable String token,
            boolean insecure) {
        BasicMlflowHostCreds given = new BasicMlflowHostCreds(address, user, password, token, insecure);
        return new MlflowHostCredsProvider() {
            @Override
            public MlflowHostCreds getHostCreds() {
                return given;
            }

            @Override
            public void refresh() {}
        };
    }
}
