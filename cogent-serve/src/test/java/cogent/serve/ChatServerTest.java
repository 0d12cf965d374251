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
import cogent.llm.Piece;
import cogent.llm.SamplingParams;
import cogent.llm.StreamingChatModel;
import cogent.llm.openai.Endpoint;
import cogent.llm.openai.EndpointCheck;
import cogent.llm.openai.ErrorBody;
import cogent.llm.openai.OpenAiChat;
import cogent.llm.openai.Wire;
import cogent.llm.resilience.Time;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

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

    private static ChatServer streaming(StreamingChatModel model) {
        return ChatServer.start(ServedModel.chat("words", model), ChatServer.Settings.loopback(0));
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

    /** Streams, and heeds what a request asks for. */
    private static final class Streaming implements ChatModel, StreamingChatModel {
        @Override
        public ChatReply chat(ChatRequest request) {
            throw new AssertionError("whole replies cannot heed what a request asks for");
        }

        @Override
        public ChatReply reply(Call call, Consumer<Piece> pieces, BooleanSupplier gone) {
            pieces.accept(Piece.of("at most "));
            pieces.accept(Piece.of(call.sampling().maxTokens() + " tokens"));
            return ChatReply.of("streaming", "at most " + call.sampling().maxTokens() + " tokens");
        }
    }

    @Test
    void a_model_that_can_stream_and_heed_sampling_does_so_however_it_is_started() {
        server.close();
        server = ChatServer.start("echo", new Streaming(), 0);
        Endpoint endpoint =
                Endpoint.at(server.base().toString(), "echo").withSampling(SamplingParams.DEFAULT.withMaxTokens(7));
        ChatReply reply = new OpenAiChat(endpoint, server.base(), OpenAiChat.client(), wait -> {}, Time.SYSTEM)
                .chat(ChatRequest.of("user", "hi"));
        assertThat(reply.text()).isEqualTo("at most 7 tokens");
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
        assertThat(e.kind())
                .isEqualTo(
                        switch (kind) {
                            case FATAL ->
                                Kind.TRANSIENT; // a server that is broken for good may be mended while the client waits
                            case REQUEST -> Kind.REFUSED; // a status does not tell for good from for now
                            default -> kind;
                        });
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
                "POST | /v1/completions | application/json | {\"model\":\"echo\",\"prompt\":\"x\"} | 404",
                "GET | /v1/nothing | application/json | - | 404",
                "GET | /v1/models | application/json | - | 200",
            })
    void a_bad_request_gets_a_clear_error(String method, String path, String type, String body, int status)
            throws Exception {
        HttpResponse<String> response = send(method, path, type, body);
        assertThat(response.statusCode()).isEqualTo(status);
        if (status != 200) {
            assertThat(ErrorBody.text(Wire.JSON.readTree(response.body()))).isNotBlank();
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
                "presence_penalty | \"much\"",
                "top_logprobs | 5",
                "logit_bias | {\"5\":-100}",
                "temperature | -1",
                "temperature | 1e308",
                "top_p | 0",
                "top_p | 1.1",
                "min_p | 2",
                "repetition_penalty | 0",
                "tool_choice | \"required\"",
                "functions | [{}]",
                "continue_final_message | true",
                "reasoning_effort | \"high\"",
                "top_k | 1.5",
                "best_of | 2",
                "store | true",
                "stream_options | []",
                "chat_template_kwargs | \"x\"",
                "no_such_field | 1",
            })
    void a_setting_that_cannot_be_heeded_is_refused_by_its_name(String field, String value) throws Exception {
        assertThat(refusedParam(field, value)).isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stream_options | {\"include_obfuscation\":true} | stream_options.include_obfuscation",
                "messages | [{\"role\":\"user\",\"content\":\"x\",\"name\":\"Bo\"}] | messages[0].name",
                "messages | [{\"role\":\"tool\",\"content\":\"x\"}] | messages[0].role",
                "messages | [{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}] | messages[0].content",
                "messages | [5] | messages",
                "chat_template_kwargs | {\"messages\":[]} | chat_template_kwargs.messages",
            })
    void a_field_within_a_field_is_refused_by_where_it_stands(String field, String value, String param)
            throws Exception {
        assertThat(refusedParam(field, value)).isEqualTo(param);
    }

    @Test
    void neutral_values_and_bookkeeping_are_accepted() throws Exception {
        HttpResponse<String> response = send("POST", "/v1/chat/completions", "application/json", """
                {"model": "echo", "messages": [{"role": "user", "content": "x", "tool_calls": []}], "n": 1,
                 "presence_penalty": 0, "frequency_penalty": 0.0, "logit_bias": {"5": 0}, "top_logprobs": 0, "logprobs": false,
                 "stream_options": {"include_usage": false}, "stream": false, "stop": null, "tools": [], "top_k": -1,
                 "tool_choice": "none", "response_format": {"type": "text"}, "metadata": {"a": "b"}, "store": false,
                 "user": "me", "chat_template_kwargs": {}, "parallel_tool_calls": true, "reasoning_effort": "medium"}
                """);
        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void broken_text_is_refused_and_what_is_no_json_shows_no_insides() throws Exception {
        HttpResponse<String> half = send(
                "POST",
                "/v1/chat/completions",
                "application/json",
                "{\"model\":\"echo\",\"messages\":[{\"role\":\"user\",\"content\":\"a\\ud800\"}]}");
        assertThat(half.statusCode()).isEqualTo(400);
        assertThat(half.body()).contains("surrogate");
        HttpResponse<String> open = send("POST", "/v1/chat/completions", "application/json", "{\"model\":\"echo\"");
        assertThat(open.statusCode()).isEqualTo(400);
        assertThat(open.body()).contains("not JSON: Unexpected end-of-input").doesNotContain("Feature");
        for (String body : List.of("{\"seed\":NaN}", "{}{}", "[".repeat(600))) {
            HttpResponse<String> odd = send("POST", "/v1/chat/completions", "application/json", body);
            assertThat(odd.statusCode()).isEqualTo(400);
            assertThat(odd.body()).contains("not JSON: ").doesNotContain("Feature", "Constraints", "tools.jackson");
        }
    }

    @Test
    void head_is_get_without_the_body() throws Exception {
        HttpResponse<String> whole = send("GET", "/v1/models", "application/json", "-");
        HttpResponse<String> head = send("HEAD", "/v1/models", "application/json", "-");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("content-length"))
                .hasValue(String.valueOf(whole.body().length()));
    }

    @Test
    void a_model_that_is_not_there_is_told_by_name_wherever_it_is_asked_for() throws Exception {
        HttpResponse<String> response = send("GET", "/v1/models/gpt", "application/json", "-");
        assertThat(response.body()).contains("no model \\\"gpt\\\" here, only \\\"echo\\\"", "model_not_found");
    }

    @Test
    void a_field_that_stands_twice_is_refused_by_name_wherever_it_stands() throws Exception {
        for (String body : List.of(
                "{\"model\":\"echo\",\"seed\":1,\"messages\":[],\"seed\":1}",
                "{\"model\":\"echo\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],"
                        + "\"stream_options\":{\"seed\":true,\"seed\":false}}")) {
            HttpResponse<String> response = send("POST", "/v1/chat/completions", "application/json", body);
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(response.body()).contains("stands there twice", "\"param\":\"seed\"");
        }
    }

    @Test
    void an_empty_body_is_told_as_one() throws Exception {
        HttpResponse<String> response = send("POST", "/v1/chat/completions", "application/json", "");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("no body came");
    }

    @Test
    void metrics_count_requests_tokens_and_replies_and_no_path_that_is_not_there() throws Exception {
        client().chat(ChatRequest.of("critic", "x"));
        send("GET", "/no/such/path", "application/json", "-");
        send("GET", "/v1/models/no/such", "application/json", "-");
        HttpResponse<String> response = send("GET", "/metrics", "application/json", "-");
        assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("text/plain");
        assertThat(response.body().lines())
                .contains(
                        "cogent_requests_total{path=\"/v1/chat/completions\",status=\"200\"} 1",
                        "cogent_requests_total{path=\"other\",status=\"404\"} 2",
                        "cogent_prompt_tokens_total 10",
                        "cogent_completion_tokens_total 20",
                        "cogent_replies_waiting 0",
                        "cogent_replies_running 0",
                        "cogent_request_seconds_count 1",
                        "cogent_time_to_first_token_seconds_bucket{le=\"+Inf\"} 1")
                .noneMatch(line -> line.contains("no/such"));
    }

    @Test
    void a_server_that_stops_ends_the_answers_under_way_and_takes_no_more() throws Exception {
        server.close();
        var asked = new CountDownLatch(1);
        var answer = new CountDownLatch(1);
        server = streaming((call, pieces, gone) -> {
            asked.countDown();
            try {
                answer.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return new ChatReply("words", "whole", "", Finish.STOP, Usage.NONE);
        });
        String body = ASKED.formatted("").replace("true", "false");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var underWay = threads.submit(() -> send("POST", "/v1/chat/completions", "application/json", body));
            asked.await();
            server.drain(Duration.ZERO);
            assertThat(send("POST", "/v1/chat/completions", "application/json", body)
                            .statusCode())
                    .isEqualTo(503);
            assertThat(send("GET", "/health", "application/json", "").statusCode())
                    .isEqualTo(503);
            answer.countDown();
            server.drain(Duration.ofMinutes(1));
            server.close();
            assertThat(underWay.get().body()).contains("whole");
        }
    }

    private static final String ASKED =
            "{\"model\":\"words\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"seed\":7,\"stream\":true%s}";

    @Test
    void a_stream_brings_the_pieces_of_every_reply_then_their_ends_then_the_counts() throws Exception {
        server.close();
        server = streaming((asked, text, gone) -> {
            int sample = asked.request().sample();
            text.accept(Piece.of("a" + sample));
            text.accept(Piece.of(" b"));
            assertThat(asked.sampling().temperature()).isEqualTo(0.5);
            assertThat(asked.stop()).containsExactly("!");
            return new ChatReply("words", "a" + sample + " b", "", Finish.STOP, new Usage(3, 2, 0));
        });
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
            server = streaming((asked, text, gone) -> {
                if (!early) {
                    text.accept(Piece.of("begun"));
                }
                throw new ChatException(Kind.REQUEST, "too long");
            });
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
        server = streaming((asked, text, gone) -> {
            while (!gone.getAsBoolean()) {
                text.accept(Piece.of("x".repeat(1 << 16)));
            }
            left.countDown();
            return new ChatReply("words", "", "", Finish.STOP, new Usage(1, 1, 0));
        });
        byte[] body = ASKED.formatted("").getBytes(java.nio.charset.StandardCharsets.UTF_8);
        try (var socket = new java.net.Socket(
                InetAddress.getLoopbackAddress(), server.base().getPort())) {
            socket.getOutputStream()
                    .write(
                            ("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
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
        server = streaming((request, text, gone) -> {
            boolean patient = request.request().messages().getLast().content().equals("wait");
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
        });
        byte[] body = "{\"model\":\"words\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
                .getBytes(StandardCharsets.UTF_8);
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), server.base().getPort())) {
            socket.getOutputStream()
                    .write(
                            ("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
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

    /** Who writes before reading is not cut off while writing: a client would tell of a broken connection. */
    @Test
    void a_huge_request_is_read_to_its_end_so_that_the_refusal_arrives() throws Exception {
        byte[] body = new byte[40 << 20];
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.base().getPort())) {
            var out = socket.getOutputStream();
            out.write(
                    "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                            .formatted(body.length)
                            .getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 413");
        }
    }

    /** As Kotlin throws, where no signature says so. */
    @SuppressWarnings("unchecked")
    private static <E extends Exception> ChatReply undeclared() throws E {
        throw (E) new IOException("inside");
    }

    static List<ChatModel> bugs() {
        return List.of(
                _ -> {
                    throw new IllegalStateException("inside");
                },
                _ -> {
                    throw new AssertionError("inside");
                },
                _ -> undeclared());
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void a_bug_in_the_model_shows_no_insides(ChatModel bug) throws Exception {
        server.close();
        server = ChatServer.start("echo", bug, 0);
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

    /** What the server's 400 names, asked with one more field, which is written over an earlier one of its name. */
    private String refusedParam(String field, String value) throws Exception {
        ObjectNode body = (ObjectNode)
                Wire.JSON.readTree("{\"model\":\"echo\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
        body.set(field, Wire.JSON.readTree(value));
        HttpResponse<String> response = send("POST", "/v1/chat/completions", "application/json", body.toString());
        assertThat(response.statusCode()).isEqualTo(400);
        return Wire.JSON.readTree(response.body()).at("/error/param").asString();
    }
}
