package cogent.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cogent.data.InputException;
import cogent.llm.ChatException;
import cogent.llm.ChatException.Kind;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatReply.Finish;
import cogent.llm.ChatReply.Usage;
import cogent.llm.ChatRequest;
import cogent.llm.SamplingParams;
import cogent.llm.openai.Endpoint;
import cogent.llm.openai.EndpointCheck;
import cogent.llm.openai.OpenAiChat;
import cogent.llm.openai.Wire;
import cogent.llm.resilience.Time;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ChatServerTest {
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

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
        Endpoint endpoint =
                Endpoint.at(server.base().toString(), "echo").withSampling(SamplingParams.DEFAULT.withSeed(40));
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
    @EnumSource(value = Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "PENDING") // said without a network only
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
                "POST | /v1/chat/completions | application/json | [] | 400",
                "DELETE | /v1/models | application/json | - | 405",
                "GET | /v1/models/other | application/json | - | 404",
                "GET | /v1/models/echo | application/json | - | 200",
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max_tokens | -1",
                "max_tokens | 1.5",
                "max_tokens | \"many\"",
                "n | 0",
                "n | 1000",
                "stop | [\"\"]",
                "stop | 5",
                "stream | \"yes\"",
                "seed | 1.5",
                "temperature | \"hot\"",
                "tools | [{\"type\":\"function\"}]",
                "response_format | {\"type\":\"json_object\"}",
                "presence_penalty | 0.5",
            })
    void a_setting_that_cannot_be_heeded_is_refused_by_its_name(String field, String value) throws Exception {
        HttpResponse<String> response = send(
                "POST",
                "/v1/chat/completions",
                "application/json",
                "{\"model\":\"echo\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"%s\":%s}"
                        .formatted(field, value));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Wire.JSON.readTree(response.body()).at("/error/param").asString())
                .isEqualTo(field);
    }

    private static final String ASKED =
            "{\"model\":\"words\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"seed\":7,\"stream\":true%s}";

    @Test
    void a_stream_brings_the_pieces_of_every_reply_then_their_ends_then_the_counts() throws Exception {
        server.close();
        server = ChatServer.start(
                "words",
                (asked, text, gone) -> {
                    int sample = asked.request().sample();
                    text.accept("a" + sample);
                    text.accept(" b");
                    assertThat(asked.sampling().temperature()).isEqualTo(0.5);
                    assertThat(asked.stop()).containsExactly("!");
                    return new ChatReply("words", "a" + sample + " b", "", Finish.STOP, new Usage(3, 2, 0));
                },
                LOOPBACK);
        HttpResponse<String> response = send(
                "POST",
                "/v1/chat/completions",
                "application/json",
                ASKED.formatted(
                        ",\"n\":2,\"temperature\":0.5,\"stop\":\"!\",\"stream_options\":{\"include_usage\":true}"));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("text/event-stream");
        var lines = response.body().lines().filter(line -> !line.isEmpty()).toList();
        assertThat(lines).hasSize(2 * 2 + 2 + 1 + 1).allMatch(line -> line.startsWith("data: "));
        assertThat(lines.getLast()).isEqualTo("data: [DONE]");
        StringBuilder[] texts = {new StringBuilder(), new StringBuilder()};
        for (String line : lines.subList(0, 6)) {
            var choice = Wire.JSON.readTree(line.substring(6)).at("/choices/0");
            texts[choice.get("index").asInt()]
                    .append(choice.at("/delta/content").asString(""))
                    .append(choice.get("finish_reason").asString(""));
        }
        assertThat(texts[0]).hasToString("a7 bstop");
        assertThat(texts[1]).hasToString("a8 bstop");
        assertThat(Wire.JSON
                        .readTree(lines.get(6).substring(6))
                        .at("/usage/completion_tokens")
                        .asInt())
                .isEqualTo(4);
    }

    @Test
    void an_error_before_the_first_piece_has_its_status_and_one_later_is_an_event() throws Exception {
        for (boolean early : new boolean[] {true, false}) {
            server.close();
            server = ChatServer.start(
                    "words",
                    (asked, text, gone) -> {
                        if (!early) {
                            text.accept("begun");
                        }
                        throw new ChatException(Kind.REQUEST, "too long");
                    },
                    LOOPBACK);
            HttpResponse<String> response =
                    send("POST", "/v1/chat/completions", "application/json", ASKED.formatted(""));
            assertThat(response.statusCode()).isEqualTo(early ? 400 : 200);
            assertThat(response.body()).contains("too long");
        }
    }

    @Test
    void a_client_that_hangs_up_is_gone_for_the_model() throws Exception {
        server.close();
        var left = new java.util.concurrent.CountDownLatch(1);
        server = ChatServer.start(
                "words",
                (asked, text, gone) -> {
                    while (!gone.getAsBoolean()) {
                        text.accept("x".repeat(1 << 16));
                    }
                    left.countDown();
                    return new ChatReply("words", "", "", Finish.STOP, new Usage(1, 1, 0));
                },
                LOOPBACK);
        byte[] body = ASKED.formatted("").getBytes(java.nio.charset.StandardCharsets.UTF_8);
        try (var socket =
                new java.net.Socket(LOOPBACK.getAddress(), server.base().getPort())) {
            socket.getOutputStream()
                    .write(("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: " + body.length + "\r\n\r\n")
                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            assertThat(socket.getInputStream().read()).isPositive();
        }
        assertThat(left.await(60, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void a_client_that_hangs_up_before_an_answer_in_one_piece_is_gone_and_one_that_waits_is_not() throws Exception {
        server.close();
        var asked = new CountDownLatch(1);
        var left = new CountDownLatch(1);
        server = ChatServer.start(
                "words",
                (request, text, gone) -> {
                    boolean patient =
                            request.request().messages().getLast().content().equals("wait");
                    long end = System.nanoTime() + 2_000_000_000L;
                    asked.countDown();
                    while (patient ? System.nanoTime() < end : !gone.getAsBoolean()) {
                        assertThat(patient && gone.getAsBoolean()).isFalse();
                        LockSupport.parkNanos(10_000_000);
                    }
                    if (!patient) {
                        left.countDown();
                    }
                    return new ChatReply("words", "here", "", Finish.STOP, new Usage(1, 1, 0));
                },
                LOOPBACK);
        byte[] body = "{\"model\":\"words\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
                .getBytes(StandardCharsets.UTF_8);
        try (var socket = new Socket(LOOPBACK.getAddress(), server.base().getPort())) {
            socket.getOutputStream()
                    .write(("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: " + body.length + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(left.await(60, TimeUnit.SECONDS)).isTrue();
        Endpoint endpoint = Endpoint.at(server.base().toString(), "words");
        assertThat(new OpenAiChat(endpoint, server.base(), OpenAiChat.client(), wait -> {}, Time.SYSTEM)
                        .chat(ChatRequest.of("asker", "wait"))
                        .text())
                .isEqualTo("here");
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
