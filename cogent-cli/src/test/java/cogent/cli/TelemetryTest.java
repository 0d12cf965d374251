package cogent.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.llm.meter.Budget;
import cogent.llm.openai.Endpoint;
import cogent.llm.run.ChatModels;
import cogent.llm.store.RunDatabase;
import cogent.pipeline.Pipeline;
import cogent.pipeline.recipe.RecipeReader;
import cogent.pipeline.run.ReplySource;
import cogent.pipeline.run.StopRequest;
import cogent.serve.ChatServer;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a collector gets, over the wire; names stand in OTLP's protobuf as plain text. */
class TelemetryTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    @TempDir
    Path folder;

    private final List<String> spans = new CopyOnWriteArrayList<>();
    private final List<String> metrics = new CopyOnWriteArrayList<>();
    private HttpServer collector;

    @BeforeEach
    void collect() throws Exception {
        GlobalOpenTelemetry.resetForTest();
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1);
            (exchange.getRequestURI().getPath().endsWith("traces") ? spans : metrics).add(body);
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
    }

    @AfterEach
    void forget() {
        collector.stop(0);
        GlobalOpenTelemetry.resetForTest();
    }

    private Telemetry telemetry() {
        return Telemetry.start(Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "http://127.0.0.1:" + collector.getAddress().getPort(),
                "OTEL_SERVICE_NAME",
                "mine",
                "PATH",
                "/bin"));
    }

    @Test
    void it_is_off_unless_a_variable_says_where_to() {
        assertThat(Telemetry.isAsked(Map.of("PATH", "/bin", "OTEL_SERVICE_NAME", "x")))
                .isFalse();
        assertThat(Telemetry.isAsked(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://x")))
                .isTrue();
        assertThat(Telemetry.isAsked(Map.of("OTEL_TRACES_EXPORTER", "otlp"))).isTrue();
    }

    @Test
    void a_variable_that_the_sdk_does_not_take_is_named() {
        assertThatThrownBy(() -> Telemetry.start(Map.of("OTEL_TRACES_EXPORTER", "jaeger")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("otel.traces.exporter")
                .hasMessageContaining("jaeger");
    }

    @Test
    void a_served_request_is_a_span_in_its_clients_trace_and_counted() throws Exception {
        ChatModel model = request -> ChatReply.of("m", "a secret reply");
        try (Telemetry _ = telemetry();
                ChatServer server = ChatServer.start("m", model, 0);
                HttpClient client = HttpClient.newHttpClient()) {
            client.send(
                    HttpRequest.newBuilder(URI.create(server.base() + "/chat/completions"))
                            .header("Content-Type", "application/json")
                            .header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01")
                            .POST(
                                    HttpRequest.BodyPublishers.ofString(
                                            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"a secret question\"}]}"))
                            .build(),
                    BodyHandlers.ofString());
        }
        assertThat(String.join("", spans))
                .contains(
                        "POST /v1/chat/completions",
                        "mine",
                        new String(java.util.HexFormat.of().parseHex(TRACE), ISO_8859_1))
                .doesNotContain("secret");
        assertThat(String.join("", metrics))
                .contains("http.server.request.duration", "gen_ai.server.time_to_first_token", "cogent.serve.tokens");
    }

    @Test
    void a_call_to_an_endpoint_carries_its_trace_along() throws Exception {
        ChatModel model = request -> ChatReply.of("m", "8");
        try (Telemetry telemetry = telemetry();
                ChatServer server = ChatServer.start("m", model, 0);
                RunDatabase database = RunDatabase.open(folder);
                ChatModels models = new ChatModels(database, Budget.UNLIMITED)) {
            Span above = telemetry.sdk().getTracer("test").spanBuilder("above").startSpan();
            try (Scope _ = above.makeCurrent()) {
                models.connect(Endpoint.at(server.base().toString(), "m")).chat(ChatRequest.of("critic", "3 + 5?"));
            } finally {
                above.end();
            }
            Pattern trace = Pattern.compile(
                    Pattern.quote(new String(above.getSpanContext().getTraceIdBytes(), ISO_8859_1)));
            long spansOfTrace = 0;
            for (int tries = 0; tries < 100 && spansOfTrace < 3; tries++) { // the server's ends after its reply is read
                Thread.sleep(100);
                telemetry.sdk().getSdkTracerProvider().forceFlush().join(10, SECONDS);
                spansOfTrace = trace.matcher(String.join("", spans)).results().count();
            }
            assertThat(spansOfTrace)
                    .as("this span, the call's and the server's")
                    .isEqualTo(3);
        }
    }

    @Test
    void a_curated_sample_is_a_span_over_its_agents_calls() throws Exception {
        var recipe = RecipeReader.defaults(List.of(
                "name=traced",
                "runs=" + folder,
                "corpus.path=playground",
                "playground.problems=3",
                "playground.held_out=0",
                "student.model=playground",
                "teacher.url=playground"));
        try (Telemetry _ = telemetry()) {
            Pipeline.of(recipe)
                    .run(List.of("playground", "curate"), new ReplySource.Live(), _ -> {}, new StopRequest());
        }
        assertThat(String.join("", spans))
                .contains("curate sample", "train-0", "chat critic", "gen_ai.usage.output_tokens", "cogent.label");
        assertThat(String.join("", metrics)).contains("gen_ai.client.operation.duration", "gen_ai.client.token.usage");
    }
}
