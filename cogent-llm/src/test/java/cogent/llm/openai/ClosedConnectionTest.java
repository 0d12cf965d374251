package cogent.llm.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.llm.ChatException;
import cogent.llm.ChatException.Trouble;
import cogent.llm.ChatModel;
import cogent.llm.ChatRequest;
import cogent.llm.resilience.Time;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that close the connection after each answer, as many small ones do, with and without saying so. */
class ClosedConnectionTest {
    private static ChatModel chat(FaultServer server) {
        Endpoint endpoint = Endpoint.at(server.base(), "m-1");
        return new OpenAiChat(endpoint, endpoint.bases().getFirst(), OpenAiChat.client(), _ -> {}, Time.SYSTEM);
    }

    private static FaultServer.Behaviour answers(String statusLine, String header) {
        byte[] body = FaultServer.completion("Fine.", "stop").getBytes(StandardCharsets.UTF_8);
        return (request, socket, out) -> {
            out.write((statusLine + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n"
                            + header + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(body);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.0 200 OK|", "HTTP/1.1 200 OK|Connection: close\r\n", "HTTP/1.1 200 OK|"})
    void no_call_is_lost_to_a_connection_that_was_closed_before_it(String answer) {
        String[] parts = answer.split("\\|", -1);
        try (var server = new FaultServer(answers(parts[0], parts[1]))) {
            ChatModel chat = chat(server);
            for (int i = 0; i < 12; i++) {
                assertThat(chat.chat(ChatRequest.of("critic", "x" + i)).text()).isEqualTo("Fine.");
            }
            assertThat(server.requests.stream().filter(request -> !request.isEmpty()))
                    .hasSize(12);
        }
    }

    @Test
    void a_call_on_a_connection_of_its_own_that_breaks_is_lost() {
        var calls = new AtomicInteger();
        try (var server = new FaultServer((request, socket, out) -> {
            calls.incrementAndGet();
            FaultServer.reset(socket);
        })) {
            ChatModel chat = chat(server);
            assertThatThrownBy(() -> chat.chat(ChatRequest.of("critic", "x")))
                    .isInstanceOfSatisfying(
                            ChatException.class, e -> assertThat(e.trouble()).isEqualTo(Trouble.LOST));
            assertThat(calls).hasValue(1);
        }
    }
}
