package cogent.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cogent.data.InputException;
import cogent.llm.ChatException.Kind;
import cogent.llm.ChatReply.Finish;
import cogent.llm.ChatReply.Usage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ChatServerTest {
    private static final ChatModel ECHO = request -> new ChatReply(
            "echo",
            request.messages().getLast().role() + " "
                    + request.messages().getLast().content() + " " + request.sample(),
            "thought",
            Finish.LENGTH,
            new Usage(10, 20, 5));

    private ChatServer server = ChatServer.start("echo", ECHO, 0);

    @AfterEach
    void stop() {
        server.close();
    }

    private ChatModel client() {
        Endpoint endpoint = Endpoint.at(server.base().toString(), "echo").withSampling(Sampling.DEFAULT.withSeed(40));
        return new OpenAiChat(endpoint, server.base(), OpenAiChat.client(), wait -> {}, Time.SYSTEM);
    }

    @Test
    void a_reply_goes_through_whole() {
        ChatReply reply = client().chat(ChatRequest.of("critic", "grüß 😀").withSample(2));
        assertThat(reply)
                .isEqualTo(new ChatReply("echo", "USER grüß 😀 42", "thought", Finish.LENGTH, new Usage(10, 20, 5)));
        assertThat(EndpointCheck.of(Endpoint.at(server.base().toString(), "echo"))
                        .getFirst()
                        .modelFound())
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void a_failure_keeps_its_kind_over_http(Kind kind) {
        server.close();
        server = ChatServer.start(
                "echo",
                request -> {
                    throw new ChatException(kind, "told so");
                },
                0);
        ChatException e = catchThrowableOfType(ChatException.class, () -> client().chat(ChatRequest.of("a", "b")));
        // a server that is broken for good may be mended while the client waits
        assertThat(e.kind()).isEqualTo(kind == Kind.FATAL ? Kind.TRANSIENT : kind);
        assertThat(e).hasMessageContaining("told so");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | /v1/chat/completions | application/json | {\"model\":\"x\"} | 404",
                "POST | /v1/chat/completions | application/json | {\"model\":\"echo\"} | 400",
                "POST | /v1/chat/completions | application/json | {\"model\":\"echo\",\"messages\":[{\"role\":\"x\"}]} | 400",
                "POST | /v1/chat/completions | application/json | {\"model\":\"echo\",\"stream\":true} | 400",
                "POST | /v1/chat/completions | application/json | {oops | 400",
                "POST | /v1/chat/completions | text/plain | {} | 415",
                "GET | /v1/chat/completions | application/json | - | 405",
                "GET | /v1/nothing | application/json | - | 404",
                "GET | /v1/models | application/json | - | 200",
            })
    void a_bad_request_gets_a_clear_error(String method, String path, String type, String body, int status)
            throws Exception {
        HttpResponse<String> response = send(method, path, type, body);
        assertThat(response.statusCode()).isEqualTo(status);
        if (status != 200) {
            assertThat(Wire.errorText(Wire.JSON.readTree(response.body()))).isNotBlank();
        }
    }

    @Test
    void a_huge_request_is_refused() throws Exception {
        assertThat(send("POST", "/v1/chat/completions", "application/json", "x".repeat((16 << 20) + 2))
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void a_bug_in_the_model_shows_no_insides() throws Exception {
        server.close();
        server = ChatServer.start(
                "echo",
                request -> {
                    throw new IllegalStateException("inside");
                },
                0);
        HttpResponse<String> response = send(
                "POST",
                "/v1/chat/completions",
                "application/json",
                "{\"model\":\"echo\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).doesNotContain("inside");
    }

    @Test
    void many_clients_keep_their_connections() {
        ChatModel client = client();
        var answered = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 300; i++) {
                threads.execute(() -> {
                    for (int j = 0; j < 3; j++) {
                        client.chat(ChatRequest.of("a", "b"));
                        answered.incrementAndGet();
                    }
                });
            }
        }
        assertThat(answered).hasValue(900);
    }

    @Test
    void a_taken_port_is_told() {
        assertThatThrownBy(() -> ChatServer.start("echo", ECHO, server.base().getPort()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("Is the port taken?");
    }

    private HttpResponse<String> send(String method, String path, String type, String body)
            throws IOException, InterruptedException {
        HttpRequest.BodyPublisher publisher =
                method.equals("GET") ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI uri = server.base().resolve(path);
            return http.send(
                    HttpRequest.newBuilder(uri)
                            .header("Content-Type", type)
                            .method(method, publisher)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
