package cogent.serve;

import cogent.llm.CompletionModel;
import cogent.llm.openai.Wire;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Leads each request to what answers it. */
final class Router implements HttpHandler {
    private static final long STARTED = System.currentTimeMillis() / 1000;
    private static final String MODELS = "/v1/models/";
    private static final String PATHS =
            "there is only /v1/chat/completions, /v1/completions, /v1/models, /health and /metrics";

    private final ServedModel model;
    private final AccessControl gate;
    private final Replies replies;
    private final Metrics metrics;
    private final RequestTrace trace = new RequestTrace();
    private final AtomicInteger unseeded = new AtomicInteger();

    Router(ServedModel model, AccessControl gate, Replies replies, Metrics metrics) {
        this.model = model;
        this.gate = gate;
        this.replies = replies;
        this.metrics = metrics;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        trace.around(exchange, this::answer);
    }

    private String answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        boolean known = true;
        try (exchange) {
            try {
                gate.checkHost(exchange);
                if (!path.equals("/health")) {
                    gate.checkKey(exchange);
                }
                known = route(exchange, path);
                if (!known) {
                    throw path.startsWith(MODELS)
                            ? noModel(path.substring(MODELS.length()))
                            : new BadRequest(404, "not_found_error", null, PATHS);
                }
            } catch (RuntimeException e) {
                BadRequest bad = Http.bad(e);
                known &= bad.status != 403 && bad.status != 401;
                Http.send(exchange, bad.status, bad.body());
            } finally {
                metrics.answered(known ? path : "other", exchange.getResponseCode());
            }
        }
        return known ? path : "other";
    }

    /** @return whether there is such a path */
    private boolean route(HttpExchange exchange, String path) throws IOException {
        switch (path) {
            case "/health" -> {
                Http.requireMethod(exchange, "GET");
                boolean stopping = replies.stopping();
                ObjectNode health = Wire.JSON.createObjectNode().put("status", stopping ? "stopping" : "ok");
                Http.send(exchange, stopping ? 503 : 200, health);
            }
            case "/metrics" -> {
                Http.requireMethod(exchange, "GET");
                Http.text(exchange, "text/plain; version=0.0.4; charset=utf-8", metrics.text());
            }
            case "/v1/models" -> {
                Http.requireMethod(exchange, "GET");
                ObjectNode list = Wire.JSON.createObjectNode().put("object", "list");
                list.putArray("data").add(about());
                Http.send(exchange, 200, list);
            }
            case "/v1/chat/completions" -> {
                Http.requireMethod(exchange, "POST");
                chat(exchange);
            }
            case "/v1/completions" -> {
                Http.requireMethod(exchange, "POST");
                complete(exchange);
            }
            default -> {
                if (!path.equals(MODELS + model.name())) {
                    return false;
                }
                Http.requireMethod(exchange, "GET");
                Http.send(exchange, 200, about());
            }
        }
        return true;
    }

    private void chat(HttpExchange exchange) throws IOException {
        ChatBody body = ChatBody.of(fields(exchange), unseeded.getAndIncrement());
        Replies.Draw draw = (index, pieces, gone) -> model.chat().reply(body.reply(index), pieces, gone);
        Answer answer = new ChatAnswer(model.name(), body.streaming().usage());
        replies.answer(exchange, body.n(), draw, answer, body.streaming());
    }

    private void complete(HttpExchange exchange) throws IOException {
        CompletionModel completions = model.completions()
                .orElseThrow(() -> new BadRequest(
                        404,
                        "invalid_request_error",
                        null,
                        "this model holds conversations only: use /v1/chat/completions"));
        CompletionBody body = CompletionBody.of(fields(exchange), unseeded.getAndIncrement());
        Replies.Draw draw = (index, pieces, gone) -> completions.complete(body.completion(index), pieces, gone);
        Answer answer = new CompletionAnswer(model.name(), body.n());
        replies.answer(exchange, body.count(), draw, answer, body.streaming());
    }

    private RequestFields fields(HttpExchange exchange) throws IOException {
        RequestFields fields = RequestFields.of(Http.body(exchange));
        String name = fields.text("model");
        if (!model.name().equals(name)) {
            throw noModel(name == null ? "" : name);
        }
        return fields;
    }

    private BadRequest noModel(String name) {
        return new BadRequest(
                404,
                "invalid_request_error",
                "model",
                "model_not_found",
                "no model \"" + Wire.line(name) + "\" here, only \"" + model.name() + "\"");
    }

    private JsonNode about() {
        return Wire.JSON
                .createObjectNode()
                .put("id", model.name())
                .put("object", "model")
                .put("created", STARTED)
                .put("owned_by", "cogent");
    }
}
