package cogent.llm.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cogent.llm.ChatException;
import cogent.llm.ChatException.Kind;
import cogent.llm.ChatException.Trouble;
import cogent.llm.ChatMessage;
import cogent.llm.ChatReply;
import cogent.llm.ChatReply.Finish;
import cogent.llm.ChatReply.Usage;
import cogent.llm.ChatRequest;
import cogent.llm.SamplingParams;
import cogent.llm.meter.Price;
import cogent.llm.resilience.Limits;
import cogent.llm.resilience.TestTime;
import cogent.llm.resilience.Time;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class OpenAiChatTest {
    private static final String KEY = "sk-planted-0123456789";

    private final FaultServer server = new FaultServer(FaultServer.replies("Fine."));
    private final List<Duration> pauses = new ArrayList<>();

    @AfterEach
    void stop() {
        server.close();
    }

    private ChatReply chat(Endpoint endpoint) {
        return new OpenAiChat(
                        endpoint, endpoint.bases().getFirst(), OpenAiChat.client(), pauses::add, new TestTime.Jumping())
                .chat(ChatRequest.of("critic", "How hard is it?"));
    }

    private Endpoint endpoint() {
        return Endpoint.at(server.base(), "m-1").withKey(ApiKey.of("environment variable TEACHER_KEY", KEY));
    }

    private ChatException failure(FaultServer.Behaviour behaviour) {
        server.behave(behaviour);
        ChatException e = catchThrowableOfType(ChatException.class, () -> chat(endpoint()));
        assertThat(e).as("a failure").isNotNull();
        for (Throwable t = e; t != null; t = t.getCause()) {
            assertThat(String.valueOf(t.getMessage())).doesNotContain(KEY);
        }
        return e;
    }

    private ChatReply reply(String message, String finish) {
        server.behave(FaultServer.says(
                200,
                "{\"model\":\"m-1\",\"choices\":[{\"message\":" + message + ",\"finish_reason\":\"" + finish
                        + "\"}]}"));
        return chat(endpoint());
    }

    @Test
    void a_request_carries_model_messages_sampling_and_key() {
        var sampling =
                new SamplingParams(0.6, 0.95, 4096, 100L, "high", Map.of("top_k", 20, "nested", Map.of("a", true)));
        Endpoint endpoint = new Endpoint(
                List.of(URI.create(server.base() + "/")),
                "m-1",
                ApiKey.of("test", KEY + "\n"),
                sampling,
                Limits.DEFAULT,
                Price.FREE,
                Map.of("X-Title", "Cogent"),
                false);
        ChatReply reply = new OpenAiChat(
                        endpoint, endpoint.bases().getFirst(), OpenAiChat.client(), pauses::add, Time.SYSTEM)
                .chat(new ChatRequest("critic", List.of(ChatMessage.system("s"), ChatMessage.user("π \ud800!")), 3));

        assertThat(reply).isEqualTo(new ChatReply("m-1", "Fine.", "", Finish.STOP, new Usage(11, 7, 0)));
        String request = server.requests.getFirst();
        assertThat(request)
                .startsWith("POST /v1/chat/completions HTTP/1.1")
                .contains("Authorization: Bearer " + KEY + "\r\n")
                .contains("X-Title: Cogent");
        JsonNode body = Wire.JSON.readTree(request.substring(request.indexOf("\r\n\r\n") + 4));
        assertThat(body).isEqualTo(Wire.JSON.readTree("""
                        {"model":"m-1","messages":[{"role":"system","content":"s"},{"role":"user","content":"π \ufffd!"}],
                        "temperature":0.6,"top_p":0.95,"max_tokens":4096,"seed":103,"reasoning_effort":"high",
                        "top_k":20,"nested":{"a":true}}"""));
    }

    @Test
    void what_is_not_set_is_not_sent() {
        chat(Endpoint.at(server.base(), "m-1"));
        String request = server.requests.getFirst();
        assertThat(request).doesNotContain("Authorization");
        assertThat(request.substring(request.indexOf("\r\n\r\n") + 4))
                .isEqualTo("{\"model\":\"m-1\",\"messages\":[{\"role\":\"user\",\"content\":\"How hard is it?\"}]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"content\":\"easy\",\"reasoning_content\":\"hm\"}",
                "{\"content\":\"easy\",\"reasoning\":\"hm\"}",
                "{\"content\":\"<think>\\nhm\\n</think>\\n\\neasy\"}",
                "{\"content\":\"\\nhm\\n</think>\\n\\neasy\"}",
                "{\"content\":\"<think>\\nhm\\n</think>\\n\\neasy\",\"reasoning_content\":\"hm\"}",
                "{\"content\":[{\"type\":\"reasoning_text\",\"text\":\"hm\"},{\"type\":\"output_text\",\"text\":\"easy\"}]}",
                "{\"content\":[{\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"hm\"}]},"
                        + "{\"type\":\"text\",\"text\":\"easy\"}]}",
                "{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"hm\"}]},"
                        + "{\"type\":\"text\",\"text\":\"easy\"}]}",
            })
    void thinking_is_kept_apart_from_the_answer(String message) {
        ChatReply reply = reply(message, "stop");
        assertThat(reply.text()).isEqualTo("easy");
        assertThat(reply.reasoning()).isEqualTo("hm");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "200 | text/html; charset=utf-8 | {}",
                "201 | application/json | {}",
                "202 | application/json | {}",
                "203 | text/plain | {}",
                "200 | application/json | {\"error\":\"\"}",
                "200 | application/json | {\"error\":{\"message\":\"\",\"type\":\"\",\"param\":\"\",\"code\":null}}",
                "200 | application/json | {\"base_resp\":{\"status_code\":0,\"status_msg\":\"\"}}",
            })
    void a_reply_is_one_whatever_a_gateway_wraps_around_it(int status, String type, String beside) {
        String reply = FaultServer.completion("Fine.", "stop");
        String both = beside.equals("{}") ? reply : reply.substring(0, reply.length() - 1) + "," + beside.substring(1);
        server.behave(FaultServer.says(status, both.getBytes(StandardCharsets.UTF_8), type));
        assertThat(chat(endpoint()).text()).isEqualTo("Fine.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[{\"text\":\"easy\"}]", "[{\"type\":\"output_text\",\"text\":\"easy\"}]", "[\"easy\"]"})
    void a_content_in_parts_is_a_text(String content) {
        assertThat(reply("{\"content\":" + content + "}", "stop").text()).isEqualTo("easy");
    }

    @Test
    void thinking_that_never_ends_leaves_no_answer() {
        ChatReply reply = reply("{\"content\":\"<think>and so on\"}", "length");
        assertThat(reply.text()).isEmpty();
        assertThat(reply.reasoning()).isEqualTo("and so on");
        assertThat(reply.finish()).isEqualTo(Finish.LENGTH);
    }

    @Test
    void think_tags_inside_an_answer_stay() {
        String text = "Use <think>x</think> tags.";
        assertThat(reply("{\"content\":\"" + text + "\"}", "stop").text()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "stop,STOP",
        "STOP,STOP",
        "length,LENGTH",
        "MAX_TOKENS,LENGTH",
        "content_filter,CONTENT_FILTER",
        "SAFETY,CONTENT_FILTER",
        "content_filter: RECITATION,CONTENT_FILTER",
        "guardrail_intervened,CONTENT_FILTER",
        "sensitive,CONTENT_FILTER",
        "model_context_window_exceeded,LENGTH",
        "time_limit,LENGTH",
        "tool_calls,OTHER"
    })
    void why_generation_ended_is_read(String reason, Finish finish) {
        assertThat(reply("{\"content\":\"x\"}", reason).finish()).isEqualTo(finish);
    }

    @Test
    void a_refusal_field_is_a_filtered_reply() {
        ChatReply reply = reply("{\"content\":null,\"refusal\":\"I cannot\"}", "stop");
        assertThat(reply.text()).isEqualTo("I cannot");
        assertThat(reply.finish()).isEqualTo(Finish.CONTENT_FILTER);
    }

    @Test
    void reasoning_tokens_are_read_and_missing_usage_is_estimated() {
        server.behave(FaultServer.says(
                200,
                "{\"choices\":[{\"message\":{\"content\":\"x\"}}],\"usage\":{\"prompt_tokens\":5,"
                        + "\"completion_tokens\":9,\"completion_tokens_details\":{\"reasoning_tokens\":8}}}"));
        assertThat(chat(endpoint()).usage()).isEqualTo(new Usage(5, 9, 8));
        assertThat(reply("{\"content\":\"eight ch\"}", "stop").usage().completionTokens())
                .isEqualTo(2);
    }

    @Test
    void an_echoed_key_is_blotted_out() {
        assertThat(reply("{\"content\":\"you sent " + KEY + "\"}", "stop").text())
                .isEqualTo("you sent [key]");
    }

    @Test
    void a_refused_key_names_its_source_only() {
        ChatException e = failure(FaultServer.says(
                401, "{\"error\":{\"message\":\"Incorrect API key provided: " + KEY + "\",\"type\":\"auth\"}}"));
        assertThat(e.kind()).isEqualTo(Kind.FATAL);
        assertThat(e)
                .hasMessageContaining("environment variable TEACHER_KEY was refused (401: Incorrect")
                .hasMessageContaining("Rerun");
    }

    @Test
    void a_missing_key_is_named_as_missing() {
        server.behave(FaultServer.says(401, "{}"));
        ChatException e = catchThrowableOfType(ChatException.class, () -> chat(Endpoint.at(server.base(), "m-1")));
        assertThat(e).hasMessageContaining("none is set");
    }

    @Test
    void a_wrong_model_lists_what_there_is() {
        ChatException e = failure((request, socket, out) -> {
            if (request.startsWith("GET /v1/models ")) {
                FaultServer.says(200, "{\"data\":[{\"id\":\"Qwen/QwQ-32B\"},{\"id\":\"other\"}]}")
                        .answer(request, socket, out);
            } else {
                FaultServer.says(404, "{\"object\":\"error\",\"message\":\"does not exist\"}")
                        .answer(request, socket, out);
            }
        });
        assertThat(e.kind()).isEqualTo(Kind.FATAL);
        assertThat(e).hasMessageContaining("no model \"m-1\"").hasMessageContaining("It offers: Qwen/QwQ-32B, other.");
    }

    @Test
    void a_wrong_url_is_hinted_at() {
        assertThat(failure(FaultServer.says(404, "<html>".getBytes(StandardCharsets.UTF_8), "text/html")))
                .hasMessageContaining("usually ends in /v1");
    }

    @Test
    void a_refused_connection_lost_nothing() throws IOException {
        // bound and not listening: nobody answers there, and nobody else can take the port meanwhile
        try (var silent = new Socket()) {
            silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            String base = "http://127.0.0.1:" + silent.getLocalPort() + "/v1";
            ChatException e = catchThrowableOfType(ChatException.class, () -> chat(Endpoint.at(base, "m-1")));
            assertThat(e.trouble()).isEqualTo(Trouble.UNREACHABLE);
            assertThat(e)
                    .hasMessage(base + ": connection refused. Nothing was sent; nothing was lost. Is the server up?");
        }
    }

    @Test
    void tls_to_a_plain_server_says_so() {
        String https = server.base().replace("http://", "https://");
        ChatException e = catchThrowableOfType(ChatException.class, () -> chat(Endpoint.at(https, "m-1")));
        assertThat(e).hasMessageContaining("TLS").hasMessageContaining("http://");
        assertThat(e.kind()).isEqualTo(Kind.FATAL);
    }

    @Test
    void a_tls_handshake_that_never_ends_is_no_connection() {
        server.behave((request, socket, out) -> Thread.sleep(60_000));
        Endpoint https = Endpoint.at(server.base().replace("http://", "https://"), "m-1");
        var client = OpenAiChat.client(Duration.ofMillis(200));
        var chat = new OpenAiChat(https, https.bases().getFirst(), client, pauses::add, Time.SYSTEM);
        ChatException e = catchThrowableOfType(ChatException.class, () -> chat.chat(ChatRequest.of("a", "b")));
        assertThat(e.trouble()).isEqualTo(Trouble.UNREACHABLE);
        assertThat(e).hasMessageContaining("no connection in time. Nothing was sent");
    }

    @Test
    void an_unknown_host_says_so() {
        Endpoint nowhere = Endpoint.at("http://no-such-host.invalid/v1", "m-1");
        ChatException e = catchThrowableOfType(ChatException.class, () -> chat(nowhere));
        assertThat(e).hasMessageContaining("host no-such-host.invalid is not known");
        assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "429 | {} | TRANSIENT | RATE_LIMITED",
                "429 | {\"error\":{\"type\":\"insufficient_quota\"}} | FATAL | OTHER",
                "402 | {} | FATAL | OTHER",
                "403 | {} | FATAL | OTHER",
                "403 | {\"error\":{\"message\":\"input was flagged\"}} | REQUEST | OTHER",
                "400 | {\"error\":{\"message\":\"maximum context length is 8\"}} | REQUEST | OTHER",
                "400 | {\"error\":{\"message\":\"no\",\"param\":\"temperature\"}} | FATAL | OTHER",
                "400 | {\"error\":{\"message\":\"no\",\"code\":\"content_filter\"}} | REQUEST | OTHER",
                "422 | {\"detail\":[{\"msg\":\"bad\"}]} | REFUSED | OTHER",
                "500 | oops | TRANSIENT | OTHER",
                "502 | <html>bad gateway | TRANSIENT | LOST",
                "504 | {} | TRANSIENT | LOST",
                "524 | error code: 524 | TRANSIENT | LOST",
                "424 | {\"error\":\"Request failed during generation\"} | TRANSIENT | OTHER",
                "413 | {} | REQUEST | OTHER",
                "200 | {\"choices\":[{\"finish_reason\":\"insufficient_system_resource\",\"message\":{\"content\":\"half\"}}]} | TRANSIENT | UNREADABLE",
                "200 | {\"choices\":[{\"finish_reason\":\"error\",\"error\":{\"message\":\"x\"},\"message\":{\"content\":\"half\"}}]} | TRANSIENT | UNREADABLE",
                "200 | {\"object\":\"error\",\"message\":\"internal\"} | TRANSIENT | UNREADABLE",
                "503 | {} | TRANSIENT | OVERLOADED",
                "529 | {} | TRANSIENT | OVERLOADED",
                "307 | {} | FATAL | OTHER",
                "200 | {\"error\":{\"message\":\"upstream\",\"code\":429}} | TRANSIENT | RATE_LIMITED",
                "200 | {\"error\":{\"message\":\"upstream\",\"type\":\"rate_limit_error\"}} | TRANSIENT | RATE_LIMITED",
                "200 | {\"error\":{\"message\":\"upstream\",\"type\":\"overloaded_error\"}} | TRANSIENT | OVERLOADED",
                "200 | {\"error\":{\"message\":\"no more\",\"code\":\"insufficient_quota\"}} | FATAL | OTHER",
                "200 | {\"choices\":null,\"base_resp\":{\"status_code\":1008,\"status_msg\":\"insufficient balance\"}} | FATAL | OTHER",
                "200 | {\"choices\":null,\"base_resp\":{\"status_code\":1004,\"status_msg\":\"login fail\"}} | FATAL | OTHER",
                "200 | {\"choices\":null,\"base_resp\":{\"status_code\":1002,\"status_msg\":\"rate limit\"}} | TRANSIENT | RATE_LIMITED",
                "200 | {\"code\":401,\"msg\":\"token expired\",\"success\":false} | FATAL | OTHER",
                "200 | [{\"error\":{\"code\":429,\"message\":\"x\"}}] | TRANSIENT | RATE_LIMITED",
                "200 | {\"object\":\"error\",\"message\":\"maximum context length is 8\",\"code\":400} | REQUEST | OTHER",
                "200 | {\"error\":{\"message\":\"Unexpected token 13 while expecting start token 200006\",\"code\":400}} | TRANSIENT | UNREADABLE",
                "200 | {\"choices\":[{\"finish_reason\":\"network_error\",\"message\":{\"content\":\"half\"}}]} | TRANSIENT | UNREADABLE",
                "200 | {\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"content\":\"x\"}}],\"error\":{\"message\":\"late\",\"code\":503}} | TRANSIENT | OVERLOADED",
                "202 | ' ' | TRANSIENT | LOST",
                "400 | {\"error\":{\"message\":\"Tool choice is none, but model called a tool\",\"code\":\"tool_use_failed\"}} | TRANSIENT | UNREADABLE",
                "400 | {\"error\":{\"message\":\"unexpected tokens remaining in message header: Some(x)\",\"code\":400}} | TRANSIENT | UNREADABLE",
                "400 | {\"error\":{\"message\":\"Billing hard limit has been reached\"}} | FATAL | OTHER",
                "400 | {\"error\":{\"message\":\"in good standing\",\"code\":\"Arrearage\"}} | FATAL | OTHER",
                "400 | {\"error\":{\"message\":\"You have reached your specified API usage limits.\"}} | FATAL | OTHER",
                "400 | {\"error\":{\"message\":\"User location is not supported for the API use.\"}} | FATAL | OTHER",
                "412 | {\"error\":{\"message\":\"Account x is suspended, possibly due to the monthly spending limit\"}} | FATAL | OTHER",
                "429 | {\"error\":{\"message\":\"not active\",\"code\":\"billing_not_active\"}} | FATAL | OTHER",
                "498 | {\"error\":{\"message\":\"capacity exceeded\"}} | TRANSIENT | OVERLOADED",
                "499 | {\"error\":{\"message\":\"cancelled\"}} | TRANSIENT | OTHER",
                "500 | {\"error\":{\"message\":\"insufficient balance (1008)\"}} | FATAL | OTHER",
                "200 | {\"choices\":[]} | TRANSIENT | EMPTY",
                "200 | {} | TRANSIENT | EMPTY",
                "200 | [] | TRANSIENT | EMPTY",
                "200 | {\"choices\":[{\"message\":{\"content\":\"x | TRANSIENT | UNREADABLE",
                "200 | {\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"content\":\"\"}}]} | TRANSIENT | EMPTY",
            })
    void each_answer_has_its_kind(int status, String body, Kind kind, Trouble trouble) {
        ChatException e = failure(FaultServer.says(status, body));
        assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
        assertThat(e.trouble()).isEqualTo(trouble);
        assertThat(e).hasMessageStartingWith(server.base() + ": ");
    }

    @ParameterizedTest
    @ValueSource(ints = {502, 504, 520, 524})
    void a_proxy_s_page_may_hide_a_reply_that_was_billed(int status) {
        byte[] page = "<!DOCTYPE html><title>A timeout occurred</title>".getBytes(StandardCharsets.UTF_8);
        for (String type : new String[] {"text/html", "text/html; charset=UTF-8", "text/plain"}) {
            ChatException e = failure(FaultServer.says(status, page, type));
            assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
            assertThat(e.trouble()).isEqualTo(Trouble.LOST);
            assertThat(e).hasMessageContaining("stream: true");
        }
    }

    @Test
    void an_error_cannot_steer_the_terminal() {
        ChatException e =
                failure(FaultServer.says(500, "{\"error\":\"a\\u001b[2J\\nb\\u202ec" + "x".repeat(999) + "\"}"));
        assertThat(e.getMessage()).contains("a [2J b c").hasSizeLessThan(450).doesNotContain("\u001b", "\n", "\u202e");
    }

    @ParameterizedTest
    @CsvSource({
        "403,{'code':'INSUFFICIENT_BALANCE'},out of credit",
        "403,{'error':'Your team does not exist'},the key in",
        "403,{'Message':'User x is not authorized'},(403: User x is not authorized)",
        "401,{'errors':[{'code':10000;'message':'Authentication error'}]},(401: Authentication error)",
        "403,{'error':{'code':'unsupported_country_region_territory'}},does not serve this country",
        "404,{'error':{'message':'This is not a chat model'}},does no chat completions",
        "500,<html><head><title>Oh no</title>,the server failed (500: Oh no)",
        "403,<!DOCTYPE html><title>Attention Required!</title>,a firewall before the server refused the request (403: Attention Required!)"
    })
    void a_refusal_says_what_is_wrong(int status, String body, String says) {
        String json = body.replace('\'', '"').replace(';', ',');
        assertThat(failure(FaultServer.says(status, json))).hasMessageContaining(says);
    }

    @Test
    void a_firewall_that_takes_offence_at_a_text_stops_nothing() {
        ChatException e = failure(FaultServer.says(403, "<html>".getBytes(StandardCharsets.UTF_8), "text/html"));
        assertThat(e.kind()).isEqualTo(Kind.REFUSED);
    }

    @ParameterizedTest
    @CsvSource({"100,0,100,2", "0,9,9,9", "0,0,0,2"})
    void what_is_not_counted_of_the_tokens_is_estimated(int prompt, int completion, int total, int counted) {
        server.behave(FaultServer.says(
                200,
                "{\"choices\":[{\"message\":{\"content\":\"eight ch\"}}],\"usage\":{\"prompt_tokens\":" + prompt
                        + ",\"completion_tokens\":" + completion + ",\"total_tokens\":" + total + "}}"));
        Usage usage = chat(endpoint()).usage();
        assertThat(usage.completionTokens()).isEqualTo(counted);
        assertThat(usage.promptTokens()).isEqualTo(prompt > 0 ? prompt : 18); // of 72 bytes
    }

    @Test
    void tokens_by_anthropic_s_names_count() {
        server.behave(
                FaultServer.says(
                        200,
                        "{\"choices\":[{\"message\":{\"content\":\"x\"}}],\"usage\":{\"input_tokens\":5,\"output_tokens\":9}}"));
        assertThat(chat(endpoint()).usage()).isEqualTo(new Usage(5, 9, 0));
    }

    @Test
    void azure_s_version_goes_with_every_call_and_its_key_in_its_own_header() {
        Endpoint azure = Endpoint.at(
                        server.base().replace("/v1", "/openai/deployments/d/chat/completions?api-version=2024-10-21"),
                        "m-1")
                .withKey(ApiKey.of("environment variable AZURE_KEY", KEY));
        assertThat(chat(azure).text()).isEqualTo("Fine.");
        assertThat(server.requests.getFirst())
                .startsWith("POST /openai/deployments/d/chat/completions?api-version=2024-10-21 ")
                .contains("api-key: " + KEY + "\r\n");
        assertThatThrownBy(() -> Endpoint.at(server.base() + "?api-version=1&key=x", "m-1"))
                .hasMessageContaining("carries a user, a query");
    }

    @Test
    void thinking_that_is_in_the_total_alone_counts() {
        server.behave(FaultServer.says(
                200,
                "{\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"content\":\"8\"}}],"
                        + "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":400}}"));
        assertThat(chat(endpoint()).usage().completionTokens()).isEqualTo(390);
    }

    @Test
    void a_web_page_is_no_reply() {
        ChatException e =
                failure(FaultServer.says(200, "<html>Login".getBytes(StandardCharsets.UTF_8), "text/html; charset=x"));
        assertThat(e).hasMessageContaining("web page");
        assertThat(e.trouble()).isEqualTo(Trouble.WEB_PAGE);
    }

    @Test
    void a_redirect_is_not_followed_but_told() {
        assertThat(failure(FaultServer.says(307, "moved", "Location: https://other.example/v1/chat?login=x")))
                .hasMessageContaining("points elsewhere (307: https://other.example/v1/chat)")
                .hasMessageContaining("Give the base URL");
    }

    @Test
    void a_reply_far_beyond_max_tokens_is_not_read_to_its_end() {
        server.behave(FaultServer.replies("x".repeat(5 << 20)));
        Endpoint bounded = endpoint().withSampling(SamplingParams.DEFAULT.withMaxTokens(500));
        ChatException e = catchThrowableOfType(ChatException.class, () -> chat(bounded));
        assertThat(e).hasMessageContaining("a reply of more than 4 MiB came");
    }

    @Test
    void a_truncated_utf8_sign_is_no_reply() {
        byte[] whole = FaultServer.completion("日本", "stop").getBytes(StandardCharsets.UTF_8);
        int cut = new String(whole, StandardCharsets.ISO_8859_1).indexOf("\"}}]") - 1;
        byte[] broken = new byte[whole.length - 1];
        System.arraycopy(whole, 0, broken, 0, cut);
        System.arraycopy(whole, cut + 1, broken, cut, whole.length - cut - 1);
        assertThat(failure(FaultServer.says(200, broken, "application/json")).trouble())
                .isEqualTo(Trouble.UNREADABLE);
    }

    @Test
    void a_reset_in_the_body_may_have_been_billed() {
        ChatException e = failure((request, socket, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{\"cho".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            FaultServer.reset(socket);
        });
        assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
        assertThat(e.trouble()).isEqualTo(Trouble.LOST);
        assertThat(e).hasMessageContaining("broke before the reply was whole");
    }

    @Test
    void a_stalled_body_ends_at_the_deadline() {
        server.behave((request, socket, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            Thread.sleep(60_000);
        });
        Endpoint hurried = endpoint().withLimits(Limits.DEFAULT.withDeadline(Duration.ofSeconds(2)));
        ChatException e = catchThrowableOfType(ChatException.class, () -> chat(hurried));
        assertThat(e.trouble()).isEqualTo(Trouble.LOST);
        assertThat(e).hasMessageContaining("deadline of 2 s");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Retry-After: 7 | 7000",
                "Retry-After: 1.5 | 1500",
                "retry-after-ms: 250 | 250",
                "Retry-After: Thu, 01 Jan 2026 00:00:30 GMT | 30000",
                "Retry-After: Wed, 31 Dec 2025 00:00:30 GMT | 0",
                "Retry-After: soon | -1",
                "X-None: 1 | -1",
            })
    void a_wish_to_be_left_alone_is_read(String header, long millis) {
        ChatException e = failure(FaultServer.says(429, "{}", header));
        assertThat(e.retryAfter().map(Duration::toMillis).orElse(-1L)).isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource({
        "6m0s,360000",
        "20ms,20",
        "1.5,1500",
        "1h2m,3720000",
        "1767225630,30000",
        "1767225630000,30000",
        "2026-01-01T00:00:30Z,30000",
        "2025-12-31T00:00:30Z,0",
        "soon,-1"
    })
    void used_up_limits_pause_until_they_come_back(String reset, long millis) {
        String[] headers = {"x-ratelimit-remaining-tokens: 0", "x-ratelimit-reset-tokens: " + reset};
        server.behave(FaultServer.says(200, FaultServer.completion("x", "stop"), headers));
        chat(endpoint());
        assertThat(pauses.stream().map(Duration::toMillis).findFirst().orElse(-1L))
                .isEqualTo(millis);
        assertThat(failure(FaultServer.says(429, "{}", headers))
                        .retryAfter()
                        .map(Duration::toMillis)
                        .orElse(-1L))
                .isEqualTo(millis);
    }

    @Test
    void a_check_says_what_the_endpoint_offers() {
        server.behave(FaultServer.says(200, "{\"data\":[{\"id\":\"m-1\"}]}"));
        assertThat(EndpointCheck.of(endpoint()).getFirst().modelFound()).isTrue();
        EndpointCheck other =
                EndpointCheck.of(Endpoint.at(server.base(), "m-2")).getFirst();
        assertThat(other.reachable()).isTrue();
        assertThat(other.says()).endsWith("model \"m-2\" is not listed. It offers: m-1.");
        for (String list : new String[] {
            "[{\"id\":\"m-1\"}]", "{\"data\":[{\"id\":\"models/m-1\"}]}", "{\"data\":[{\"id\":\"m-1:latest\"}]}"
        }) {
            server.behave(FaultServer.says(200, list));
            assertThat(EndpointCheck.of(endpoint()).getFirst().modelFound())
                    .as(list)
                    .isTrue();
        }
        server.behave(FaultServer.says(200, "<!doctype html>".getBytes(StandardCharsets.UTF_8), "text/html"));
        assertThat(EndpointCheck.of(endpoint()).getFirst().says()).contains("a web page came");
        server.behave(FaultServer.says(405, "{}"));
        assertThat(EndpointCheck.of(endpoint()).getFirst().says()).contains("no list of models at this URL");
        server.close();
        assertThat(EndpointCheck.of(endpoint()).getFirst().reachable()).isFalse();
    }
}
