package cogent.mlflow;

import cogent.data.InputException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A run's files on a server that keeps them itself ({@code mlflow server} does): MLflow's Java client hands files to Python, which is
 * not there, so they are put by the server's own {@code mlflow-artifacts} address.
 *
 * @param location the run's artifact URI
 */
record MlflowArtifacts(MlflowServer server, String location) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** @throws InputException when the server keeps its files elsewhere, or does not take one */
    void upload(List<Path> files) {
        if (!location.startsWith("mlflow-artifacts:")) {
            throw new InputException(
                    "its files lie in " + location
                            + ", not behind the server (--serve-artifacts), so recipe and metrics were not uploaded; they are in the run's folder");
        }
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1) // an offered upgrade to HTTP/2 confuses its server
                .connectTimeout(PATIENCE)
                .build()) {
            for (Path file : files) {
                put(client, file);
            }
        }
    }

    private void put(HttpClient client, Path file) {
        String path = location.replaceFirst("^mlflow-artifacts:(//[^/]*)?/*", "");
        URI to =
                URI.create(server.address() + "/api/2.0/mlflow-artifacts/artifacts/" + path + "/" + file.getFileName());
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(to)
                    .timeout(PATIENCE)
                    .header("Content-Type", "text/plain")
                    .PUT(BodyPublishers.ofFile(file));
            server.authorization().ifPresent(given -> request.header("Authorization", given));
            HttpResponse<String> reply = client.send(request.build(), BodyHandlers.ofString());
            if (reply.statusCode() >= 300) {
                throw new InputException(file + " was not taken: status " + reply.statusCode());
            }
        } catch (IOException e) {
            throw new InputException(file + " was not taken: " + InputException.reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InputException(file + " was not taken: stopped", e);
        }
    }
}
