package cogent.serve;

import com.sun.net.httpserver.HttpExchange;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Requests as OpenTelemetry's conventions for HTTP servers have them: a span, in the trace of the client where it sent one, and
 * {@code http.server.request.duration}; nothing where the program sets no OpenTelemetry up.
 */
final class RequestTrace {
    private static final String NAME = "cogent.serve";

    private static final TextMapGetter<HttpExchange> HEADERS = new TextMapGetter<>() {
        @Override
        public @Nullable String get(@Nullable HttpExchange exchange, String key) {
            return exchange == null ? null : exchange.getRequestHeaders().getFirst(key);
        }
    };

    private final Tracer tracer = GlobalOpenTelemetry.getOrNoop().getTracer(NAME);
    private final DoubleHistogram duration = GlobalOpenTelemetry.getOrNoop()
            .getMeter(NAME)
            .histogramBuilder("http.server.request.duration")
            .setUnit("s")
            .setDescription("Time of a request")
            .build();

    /** What answers a request, and tells the path that it is counted under. */
    interface Answering {
        String answer(HttpExchange exchange) throws IOException;
    }

    void around(HttpExchange exchange, Answering answering) throws IOException {
        String method = exchange.getRequestMethod();
        Context caller = GlobalOpenTelemetry.getOrNoop()
                .getPropagators()
                .getTextMapPropagator()
                .extract(Context.current(), exchange, HEADERS);
        Span span = tracer.spanBuilder(method)
                .setParent(caller)
                .setSpanKind(SpanKind.SERVER)
                .setAttribute("http.request.method", method)
                .startSpan();
        long begun = System.nanoTime();
        String route = "other";
        try (var _ = span.makeCurrent()) {
            route = answering.answer(exchange);
        } finally {
            int status = exchange.getResponseCode();
            Attributes told = Attributes.builder()
                    .put("http.request.method", method)
                    .put("http.route", route)
                    .put("http.response.status_code", (long) status)
                    .build();
            span.updateName(method + " " + route).setAllAttributes(told);
            if (status < 0 || status >= 500) {
                span.setStatus(StatusCode.ERROR);
            }
            span.end();
            duration.record((System.nanoTime() - begun) / 1e9, told);
        }
    }
}
