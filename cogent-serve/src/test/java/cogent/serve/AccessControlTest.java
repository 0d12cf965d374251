package cogent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.llm.ChatReply;
import cogent.llm.ChatReply.Finish;
import cogent.llm.ChatReply.Usage;
import cogent.llm.StreamingChatModel;
import cogent.llm.openai.ApiKey;
import cogent.llm.openai.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessControlTest {
    private static final StreamingChatModel HELLO =
            StreamingChatModel.of(_ -> new ChatReply("m", "hello", "", Finish.STOP, Usage.NONE));

    private ChatServer server = start(ApiKey.of("test", "sesame-open"));

    private static ChatServer start(ApiKey key) {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return ChatServer.start(
                ServedModel.chat("m", HELLO), new ChatServer.Settings(address, Set.of("Box.lan", "10.0.0.7"), key));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** The status line of the answer, by hand: clients would not send such headers. */
    private String status(String... head) throws IOException {
        return answer("GET /v1/models HTTP/1.1", head).lines().findFirst().orElse("");
    }

    private String answer(String request, String... head) throws IOException {
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), server.base().getPort())) {
            String text = request + "\r\n" + String.join("\r\n", head) + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, 200",
        "LOCALHOST:8000, 200",
        "localhost., 200",
        "127.0.0.1:1, 200",
        "[::1]:8000, 200",
        "[::1], 200",
        "[0:0:0:0:0:0:0:1], 200",
        "box.lan:80, 200",
        "10.0.0.7:80, 200",
        "evil.example, 403",
        "evil.example:8000, 403",
        "localhost.evil.example, 403",
        "10.0.0.8, 403",
        "0.0.0.0, 403",
        "[::], 403",
        "evil@localhost, 403",
        "'', 403",
    })
    void only_requests_that_name_this_server_are_answered(String host, int status) throws Exception {
        assertThat(status("Host: " + host, "Authorization: Bearer sesame-open")).startsWith("HTTP/1.1 " + status);
    }

    @Test
    void a_request_without_a_host_or_with_two_is_refused() throws Exception {
        assertThat(status("Authorization: Bearer sesame-open")).startsWith("HTTP/1.1 400");
        assertThat(status("Host: localhost", "Host: evil.example", "Authorization: Bearer sesame-open"))
                .startsWith("HTTP/1.1 400");
    }

    @ParameterizedTest
    @CsvSource({
        "Bearer sesame-open, 200", "bearer sesame-open, 200", "Bearer sesame-ope, 401", "Bearer sesame-open2, 401",
        "Bearer, 401", "Basic sesame-open, 401", "sesame-open, 401", "Bearer sésame, 401",
    })
    void only_requests_with_the_key_are_answered(String authorization, int status) throws Exception {
        assertThat(status("Host: localhost", "Authorization: " + authorization)).startsWith("HTTP/1.1 " + status);
    }

    @Test
    void a_missing_key_is_told_as_openai_tells_it_and_health_needs_none() throws Exception {
        String refusal = answer("GET /metrics HTTP/1.1", "Host: localhost");
        assertThat(refusal).startsWith("HTTP/1.1 401").containsIgnoringCase("WWW-Authenticate: Bearer");
        assertThat(Wire.JSON
                        .readTree(refusal.substring(refusal.indexOf("\r\n\r\n")))
                        .at("/error/code")
                        .asString())
                .isEqualTo("invalid_api_key");
        assertThat(refusal).doesNotContain("sesame");
        assertThat(answer("GET /health HTTP/1.1", "Host: localhost")).startsWith("HTTP/1.1 200");
    }

    @Test
    void a_request_without_a_length_has_no_body() throws Exception {
        String told = answer(
                "POST /v1/chat/completions HTTP/1.1",
                "Host: localhost",
                "Authorization: Bearer sesame-open",
                "Content-Type: application/json");
        assertThat(told).startsWith("HTTP/1.1 400").contains("no body came");
    }

    @Test
    void without_a_key_everybody_who_names_the_server_may_ask() throws Exception {
        server.close();
        server = start(ApiKey.NONE);
        assertThat(status("Host: localhost", "Authorization: Bearer anything")).startsWith("HTTP/1.1 200");
        assertThat(status("Host: localhost")).startsWith("HTTP/1.1 200");
    }
}
