package cogent.llm.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.llm.ChatException;
import cogent.llm.ChatException.Kind;
import cogent.llm.ChatException.Trouble;
import cogent.llm.ChatReply;
import cogent.llm.ChatReply.Finish;
import cogent.llm.ChatReply.Usage;
import cogent.llm.ChatRequest;
import cogent.llm.SamplingParams;
import cogent.llm.resilience.Time;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamTest {
    private static final String HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n" + "Connection: close\r\n\r\n";
    private static final String PIECES = """
            : OPENROUTER PROCESSING

            data: {"model":"m-1","choices":[{"delta":{"role":"assistant","reasoning_content":"h"},"finish_reason":null}]}

            data: {"model":"m-1","choices":[{"delta":{"reasoning":"m"}}],"usage":null}

            data:{"choices":[{"delta":{"content":"ea"}}]}

            """;
    private static final String END = """
            event: message
            data: {"choices":[{"delta":{"content":"sy π"},"finish_reason":"length"}]}

            data: {"choices":[],"usage":{"prompt_tokens":11,"completion_tokens":7}}

            data: [DONE]

            """;

    private static final String CHUNKED =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    private final FaultServer server = new FaultServer(sends(HEAD + PIECES + END));

    @AfterEach
    void stop() {
        server.close();
    }

    private static FaultServer.Behaviour sends(String text) {
        return (request, socket, out) -> out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static FaultServer.Behaviour sendsBytes(String bytes) {
        return (request, socket, out) -> out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Of so many bytes each, signs parted too. */
    private static String chunks(String text, int size) {
        String bytes = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        var chunks = new StringBuilder();
        for (int i = 0; i < bytes.length(); i += size) {
            String chunk = bytes.substring(i, Math.min(bytes.length(), i + size));
            chunks.append(Integer.toHexString(chunk.length()))
                    .append("\r\n")
                    .append(chunk)
                    .append("\r\n");
        }
        return chunks.toString();
    }

    private ChatReply ask(Duration stall) {
        Endpoint endpoint = Endpoint.at(server.base(), "m-1").withStream(true);
        return new OpenAiChat(endpoint, endpoint.bases().getFirst(), OpenAiChat.client(), _ -> {}, Time.SYSTEM, stall)
                .chat(ChatRequest.of("critic", "How hard is it?"));
    }

    private ChatReply ask() {
        return ask(Duration.ofMinutes(1));
    }

    @Test
    void the_pieces_of_a_stream_become_the_reply_that_would_have_come_at_once() {
        assertThat(ask()).isEqualTo(new ChatReply("m-1", "easy π", "hm", Finish.LENGTH, new Usage(11, 7, 0)));
        assertThat(server.requests.getFirst())
                .contains("\"stream\":true", "\"stream_options\":{\"include_usage\":true}");
    }

    @Test
    void windows_line_ends_and_a_missing_last_blank_line_are_read_too() {
        server.behave(sends(HEAD + (PIECES + END).replace("\n", "\r\n").stripTrailing()));
        assertThat(ask().text()).isEqualTo("easy π");
        server.behave(sends(HEAD + (PIECES + END).replaceAll("(?s)\ndata: \\[DONE].*", "")));
        assertThat(ask().text()).isEqualTo("easy π");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "data: {\"choices\":[{\"del", "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n"})
    void a_stream_that_breaks_off_is_no_reply_and_may_have_been_billed(String last) {
        server.behave(sends(HEAD + PIECES + last));
        assertLost();
    }

    @Test
    void a_reset_in_the_middle_of_a_stream_is_no_reply() {
        server.behave((request, socket, out) -> {
            out.write((HEAD + PIECES).getBytes(StandardCharsets.UTF_8));
            out.flush();
            FaultServer.reset(socket);
        });
        assertLost();
    }

    @Test
    void a_stream_that_falls_silent_is_given_up_long_before_the_deadline() throws Exception {
        var over = new CountDownLatch(1);
        server.behave((request, socket, out) -> {
            out.write((HEAD + PIECES).getBytes(StandardCharsets.UTF_8));
            out.flush();
            over.await();
        });
        try {
            assertThatThrownBy(() -> ask(Duration.ofMillis(200)))
                    .isInstanceOfSatisfying(
                            ChatException.class, e -> assertThat(e.trouble()).isEqualTo(Trouble.LOST))
                    .hasMessageContaining("stalled");
        } finally {
            over.countDown();
        }
    }

    @Test
    void a_stream_that_stays_open_after_its_reply_has_ended_is_whole() throws Exception {
        var over = new CountDownLatch(1);
        server.behave((request, socket, out) -> {
            out.write((HEAD + PIECES + END.replace("data: [DONE]\n\n", "")).getBytes(StandardCharsets.UTF_8));
            out.flush();
            over.await();
        });
        try {
            assertThat(ask(Duration.ofMillis(200)).text()).isEqualTo("easy π");
        } finally {
            over.countDown();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/plain", "application/octet-stream"})
    void a_stream_is_known_by_its_form_whatever_type_is_said(String type) {
        server.behave(sends(HEAD.replace("text/event-stream", type) + PIECES + END));
        assertThat(ask().text()).isEqualTo("easy π");
    }

    @Test
    void blank_lines_and_a_byte_order_mark_may_come_first() {
        String events = HEAD + "\uFEFF" + "data: " + FaultServer.completion("easy", "stop") + "\n\n";
        server.behave(sends(events));
        assertThat(ask().text()).isEqualTo("easy");
        server.behave(sends(HEAD.replace("text/event-stream", "text/plain") + "\n\r\n\n" + PIECES + END));
        assertThat(ask().text()).isEqualTo("easy π");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[{\"delta\":{},\"finish_reason\":\"length\",\"usage\":USAGE}]}",
                "{\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}],\"x_groq\":{\"id\":\"r\",\"usage\":USAGE}}",
                "{\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}],\"error\":\"\",\"usage\":USAGE}",
                "{\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}],\"error\":{},\"usage\":USAGE}",
                "{\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}\n\ndata: {\"choices\":[{\"delta\":{\"content\":"
                        + "\"\"},\"finish_reason\":\"\"}],\"usage\":USAGE}",
            })
    void the_end_of_a_stream_has_many_forms(String end) {
        server.behave(sends(HEAD + PIECES + "data: "
                + end.replace("USAGE", "{\"prompt_tokens\":11,\"completion_tokens\":7}") + "\n\ndata: [DONE]\n\n"));
        assertThat(ask()).isEqualTo(new ChatReply("m-1", "ea", "hm", Finish.LENGTH, new Usage(11, 7, 0)));
    }

    @Test
    void a_server_that_sends_the_whole_message_as_one_event_is_read() {
        server.behave(sends(HEAD + "data: " + FaultServer.completion("easy", "stop") + "\n\ndata: [DONE]\n\n"));
        assertThat(ask().text()).isEqualTo("easy");
    }

    @Test
    void comments_keep_a_stream_alive_however_many_there_are() {
        String waiting = ": keep-alive\n\n".repeat(20_000);
        server.behave(sends(HEAD + waiting + PIECES + waiting + END));
        assertThat(ask()).isEqualTo(new ChatReply("m-1", "easy π", "hm", Finish.LENGTH, new Usage(11, 7, 0)));
    }

    @Test
    void a_line_without_end_fills_no_memory() throws Exception {
        var over = new CountDownLatch(1);
        server.behave((request, socket, out) -> {
            out.write((HEAD + ": waiting\n\ndata: " + "x".repeat(5 << 20)).getBytes(StandardCharsets.UTF_8));
            out.flush();
            over.await();
        });
        Endpoint endpoint = Endpoint.at(server.base(), "m-1").withSampling(SamplingParams.DEFAULT.withMaxTokens(10));
        var chat = new OpenAiChat(
                endpoint,
                endpoint.bases().getFirst(),
                OpenAiChat.client(),
                _ -> {},
                Time.SYSTEM,
                Duration.ofSeconds(1));
        try {
            assertThatThrownBy(() -> chat.chat(ChatRequest.of("critic", "x"))).hasMessageContaining("more than 4 MiB");
        } finally {
            over.countDown();
        }
    }

    @Test
    void a_stream_over_http_1_0_is_read() {
        server.behave(sends("HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + PIECES + END));
        assertThat(ask().text()).isEqualTo("easy π");
    }

    @Test
    void chunks_may_part_a_stream_anywhere() {
        server.behave(sendsBytes(CHUNKED + chunks(PIECES + END, 7) + "0\r\n\r\n"));
        assertThat(ask().text()).isEqualTo("easy π");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 40, 100, 150})
    void chunks_that_break_off_are_no_reply(int rest) {
        String chunks = chunks(PIECES, 7);
        server.behave(sendsBytes(CHUNKED + chunks.substring(0, chunks.length() - rest)));
        assertLost();
    }

    @Test
    void events_of_other_kinds_and_fields_are_passed_over() {
        server.behave(sends(HEAD + "retry: 3000\nid: 1\nevent: ping\ndata: {\"type\":\"ping\"}\n\n" + PIECES + END));
        assertThat(ask().text()).isEqualTo("easy π");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event: error\ndata: {\"message\":\"out of memory\"}\n\n",
                "event: error\ndata: out of memory\n\n",
                "data: {\"error\":\"out of memory\"}\n\n",
                "data: {\"error\":{\"code\":\"server_error\",\"message\":\"out of memory\"},\"choices\":[{\"delta\":"
                        + "{\"content\":\"\"},\"finish_reason\":\"error\"}]}\n\ndata: [DONE]\n\n"
            })
    void an_error_inside_a_stream_is_told(String event) {
        server.behave(sends(HEAD + PIECES + event));
        assertThatThrownBy(this::ask)
                .isInstanceOfSatisfying(
                        ChatException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TRANSIENT))
                .hasMessageContaining("out of memory");
    }

    @Test
    void an_error_of_vllm_inside_a_stream_is_told() {
        server.behave(sends(HEAD + PIECES
                + "data: {\"object\":\"error\",\"message\":\"out of memory\",\"code\":500}\n\ndata: [DONE]\n\n"));
        assertThatThrownBy(this::ask).hasMessageContaining("out of memory");
    }

    @Test
    void an_error_inside_a_stream_has_the_kind_of_its_status() {
        server.behave(sends(HEAD + PIECES + "data: {\"error\":{\"message\":\"slow down\",\"code\":429}}\n\n"));
        assertThatThrownBy(this::ask)
                .isInstanceOfSatisfying(
                        ChatException.class, e -> assertThat(e.trouble()).isEqualTo(Trouble.RATE_LIMITED));
    }

    @Test
    void a_server_that_does_not_stream_answers_at_once_and_is_heard() {
        server.behave(FaultServer.replies("Fine."));
        assertThat(ask().text()).isEqualTo("Fine.");
    }

    @Test
    void a_server_without_stream_options_is_asked_without_them() {
        server.behave((request, socket, out) -> (request.contains("stream_options")
                        ? FaultServer.says(400, "{\"error\":{\"message\":\"Unknown field: stream_options\"}}")
                        : sends(HEAD + PIECES + END))
                .answer(request, socket, out));
        assertThat(ask().text()).isEqualTo("easy π");
    }

    @Test
    void a_model_that_only_streams_is_asked_for_streams_without_being_told_to() {
        server.behave((request, socket, out) -> (request.contains("\"stream\":true")
                        ? sends(HEAD + PIECES + END)
                        : FaultServer.says(
                                400,
                                "{\"error\":{\"code\":\"invalid_parameter_error\",\"message\":\"This model only support"
                                        + " stream mode, please enable the stream parameter to access the model. \"}}"))
                .answer(request, socket, out));
        Endpoint endpoint = Endpoint.at(server.base(), "m-1");
        assertThat(new OpenAiChat(endpoint, endpoint.bases().getFirst(), OpenAiChat.client(), _ -> {}, Time.SYSTEM)
                        .chat(ChatRequest.of("critic", "x"))
                        .text())
                .isEqualTo("easy π");
    }

    private void assertLost() {
        assertThatThrownBy(this::ask).isInstanceOfSatisfying(ChatException.class, e -> {
            assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
            assertThat(e.trouble()).isEqualTo(Trouble.LOST);
        });
    }
}
