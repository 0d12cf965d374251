package cogent.mlflow;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** As much of MLflow's REST API as a training needs, as its documentation has it. */
final class ScriptedServer implements AutoCloseable {
    /** A run there: metrics as {@code name step value}. */
    static final class StoredRun {
        final List<String> metrics = new CopyOnWriteArrayList<>();
        final Map<String, String> params = new ConcurrentHashMap<>();
        final Map<String, String> tags = new ConcurrentHashMap<>();
        final Map<String, String> files = new ConcurrentHashMap<>();
        volatile String name = "";
        volatile String status = "RUNNING";
        volatile long lastStep;
    }

    final Map<String, StoredRun> runs = new ConcurrentHashMap<>();
    final List<String> experiments = new CopyOnWriteArrayList<>();
    final List<String> authorizations = new CopyOnWriteArrayList<>();
    volatile boolean refusing;
    volatile String artifacts = "mlflow-artifacts:/";
    private final HttpServer server;

    ScriptedServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    StoredRun only() {
        return new ArrayList<>(runs.values()).getFirst();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            String path = exchange.getRequestURI().getPath().replaceFirst("^/api/2.0/(mlflow/|mlflow-)", "");
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            if (refusing) {
                reply(exchange, 500, "{\"error_code\":\"INTERNAL_ERROR\",\"message\":\"not now\"}");
            } else if (path.startsWith("artifacts/artifacts/")) {
                String[] parts = path.split("/", -1);
                stored(parts[3]).files.put(parts[parts.length - 1], body);
                reply(exchange, 200, "{}");
            } else {
                answer(exchange, path, JsonMapper.shared().readTree(body.isEmpty() ? "{}" : body));
            }
        }
    }

    private StoredRun stored(String id) {
        return java.util.Objects.requireNonNull(runs.get(id), id);
    }

    private void answer(HttpExchange exchange, String path, JsonNode json) throws IOException {
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        switch (path) {
            case "experiments/get-by-name" -> {
                String name = query.replaceFirst(".*experiment_name=", "");
                int at = experiments.indexOf(name);
                if (at < 0) {
                    reply(exchange, 404, "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\",\"message\":\"none\"}");
                } else {
                    reply(
                            exchange,
                            200,
                            "{\"experiment\":{\"experiment_id\":\"%d\",\"name\":\"%s\"}}".formatted(at, name));
                }
            }
            case "experiments/create" -> {
                experiments.add(json.path("name").asString());
                reply(exchange, 200, "{\"experiment_id\":\"%d\"}".formatted(experiments.size() - 1));
            }
            case "runs/create" -> {
                String id = "run" + runs.size();
                StoredRun run = new StoredRun();
                run.name = json.path("run_name").asString("");
                json.path("tags")
                        .forEach(tag -> run.tags.put(
                                tag.path("key").asString(), tag.path("value").asString()));
                runs.put(id, run);
                reply(exchange, 200, run(id));
            }
            case "runs/get" -> {
                String id = query.replaceFirst(".*run_id=([^&]*).*", "$1");
                if (runs.containsKey(id)) {
                    reply(exchange, 200, run(id));
                } else {
                    reply(exchange, 404, "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\",\"message\":\"gone\"}");
                }
            }
            case "runs/log-batch" -> {
                StoredRun run = stored(json.path("run_id").asString());
                json.path("params")
                        .forEach(p -> run.params.put(
                                p.path("key").asString(), p.path("value").asString()));
                json.path("metrics").forEach(m -> {
                    long step =
                            m.path("step").asLong(Long.parseLong(m.path("step").asString("0")));
                    run.lastStep = Math.max(run.lastStep, step);
                    run.metrics.add(m.path("key").asString() + " " + step + " "
                            + m.path("value").asDouble());
                });
                reply(exchange, 200, "{}");
            }
            case "runs/update" -> {
                stored(json.path("run_id").asString()).status =
                        json.path("status").asString();
                reply(exchange, 200, "{}");
            }
            default -> reply(exchange, 404, "{\"error_code\":\"ENDPOINT_NOT_FOUND\",\"message\":\"" + path + "\"}");
        }
    }

    private String run(String id) {
        StoredRun run = stored(id);
        return """
                {"run":{"info":{"run_id":"%s","run_uuid":"%s","status":"%s","lifecycle_stage":"active",\
                "artifact_uri":"%s0/%s/artifacts"},"data":{"metrics":[{"key":"loss","value":1,"step":"%d","timestamp":"1"}]}}}""".formatted(id, id, run.status, artifacts, id, run.lastStep);
    }

    private static void reply(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
