package cogent.llm.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.llm.ChatException;
import cogent.llm.ChatException.Kind;
import cogent.llm.ChatMessage;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.llm.SamplingParams;
import cogent.llm.resilience.Time;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Refusals in the words of real servers: what is asked again in other words, what stops the run, what is the row's own. */
class RefusalsTest {
    private static final SamplingParams FOUR_THOUSAND =
            new SamplingParams(0.6, null, 4000, null, null, Map.of("top_k", 20));

    private final FaultServer server = new FaultServer(FaultServer.replies("Fine."));
    private final List<String> adapted = new ArrayList<>();

    @AfterEach
    void stop() {
        server.close();
    }

    private OpenAiChat chat() {
        return chat(FOUR_THOUSAND);
    }

    private OpenAiChat chat(SamplingParams sampling) {
        Endpoint endpoint = Endpoint.at(server.base(), "m-1").withSampling(sampling);
        return new OpenAiChat(
                endpoint,
                endpoint.bases().getFirst(),
                OpenAiChat.client(),
                new OpenAiChat.Listener() {
                    @Override
                    public void exhausted(Duration wait) {}

                    @Override
                    public void adapted(String how) {
                        adapted.add(how);
                    }
                },
                Time.SYSTEM);
    }

    private ChatReply ask(OpenAiChat chat) {
        return chat.chat(ChatRequest.of("critic", "How hard is it?"));
    }

    /** Answers what fits, refuses the rest with this message. */
    private void refuseUnless(Predicate<JsonNode> fits, int status, String error) {
        server.behave((request, socket, out) -> {
            JsonNode body = Wire.JSON.readTree(request.substring(request.indexOf("\r\n\r\n") + 4));
            (fits.test(body) ? FaultServer.replies("Fine.") : FaultServer.says(status, error))
                    .answer(request, socket, out);
        });
    }

    private static String message(String message) {
        var error = Wire.JSON.createObjectNode();
        error.putObject("error").put("message", message).put("type", "invalid_request_error");
        return error.toString();
    }

    @Test
    void a_model_that_wants_max_completion_tokens_gets_it_and_is_not_asked_otherwise_again() {
        refuseUnless(
                body -> !body.has("max_tokens")
                        && body.path("max_completion_tokens").asInt() == 4000,
                400,
                """
                {"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use \
                'max_completion_tokens' instead.","type":"invalid_request_error","param":"max_tokens",\
                "code":"unsupported_parameter"}}""");
        OpenAiChat chat = chat();
        assertThat(ask(chat).text()).isEqualTo("Fine.");
        assertThat(ask(chat).text()).isEqualTo("Fine.");
        assertThat(server.requests).hasSize(3);
        assertThat(adapted).singleElement().asString().contains("max_completion_tokens");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (1000 in the messages,"
                        + " 4000 in the completion). Please reduce the length of the messages or completion.",
                "This model's maximum context length is 4096 tokens, however you requested 5000 tokens (1000 in your prompt;"
                        + " 4000 for the completion). Please reduce your prompt; or completion length.",
                "'max_tokens' or 'max_completion_tokens' is too large: 4000. This model's maximum context length is 4096"
                        + " tokens and your request has 1000 input tokens (4000 > 4096 - 1000).",
                "This model's maximum context length is 4096 tokens. However, you requested 4000 output tokens and your"
                        + " prompt contains at least 1000 input tokens, for a total of at least 5000 tokens.",
                "Requested token count exceeds the model's maximum context length of 4096 tokens. You requested a total of 5000"
                        + " tokens: 1000 tokens from the input messages and 4000 tokens for the completion.",
                "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 1000 `inputs` tokens and"
                        + " 4000 `max_new_tokens`",
                "This endpoint's maximum context length is 4096 tokens. However, you requested about 5000 tokens (1000 of text"
                        + " input, 4000 in the output). Please reduce the length of either one.",
                "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.",
                "input length and `max_tokens` exceed context limit: 1000 + 4000 > 4096, decrease input length or `max_tokens`"
                        + " and try again",
                "litellm.ContextWindowExceededError: This model's maximum context length is 4096 tokens. However, you requested"
                        + " 5000 tokens (1000 in the messages, 4000 in the completion).",
            })
    void max_tokens_is_lowered_to_what_the_context_leaves(String message) {
        refuseUnless(body -> body.path("max_tokens").asInt() == 3096, 400, message(message));
        assertThat(ask(chat()).text()).isEqualTo("Fine.");
        assertThat(server.requests).hasSize(2);
        assertThat(adapted).singleElement().asString().contains("context");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "max_tokens is too large: 4000. This model supports at most 2048 completion tokens, whereas you provided 4000.",
                "Invalid max_tokens value, the valid range of max_tokens is [1, 2048]",
                "Range of max_tokens should be [1, 2048]",
                "`max_tokens` must be less than or equal to `2048`, the maximum value for `max_tokens` is less than the"
                        + " `context_window` for this model",
                "max_tokens: 4000 > 2048, which is the maximum allowed number of output tokens for claude-3",
                "`max_completion_tokens` must be less than or equal to `2048`, the maximum value for `max_completion_tokens`"
                        + " is less than the `context_window` for this model",
                "max_tokens=4000 cannot be greater than max_model_len=max_total_tokens=2048. Please request fewer output tokens.",
                "The maximum tokens you requested exceeds the model limit of 2048. Try again with a maximum tokens value that is"
                        + " lower than 2048.",
                "max_tokens for `llama-3.1-8b` must be less than or equal to 2048",
                "max_tokens must be range from [1, 2048]",
                "max_tokens (4000) is too large. The maximum is 2048",
                "Invalid value for max_tokens: 4000. Must be between 1 and 2048.",
                "4000 is greater than the maximum of 2048 - 'max_tokens'",
                "Requested 4000 max_tokens, but the model supports a maximum of 2048 output tokens",
                "too many tokens: max tokens must be less than or equal to 2048, the maximum output for this model - received 4000.",
                "The parameter `max_tokens` specified in the request are not valid: integer above maximum value, expected a value"
                        + " <= 2048, but got 4000 instead.",
                "Unable to submit request because it has a maxOutputTokens value of 4000 but the supported range is from 1"
                        + " (inclusive) to 2049 (exclusive). Update the value and try again.",
                "[{'type': 'less_than_equal', 'loc': ['body', 'max_tokens'], 'msg': 'Input should be less than or equal to 2048',"
                        + " 'input': 4000, 'ctx': {'le': 2048}}]",
            })
    void max_tokens_is_lowered_to_the_longest_reply_of_the_model_for_all_calls(String message) {
        refuseUnless(body -> body.path("max_tokens").asInt() == 2048, 400, message(message));
        OpenAiChat chat = chat();
        ask(chat);
        ask(chat);
        assertThat(server.requests).hasSize(3);
    }

    @Test
    void a_refusal_that_stands_where_others_name_the_setting_is_read() {
        refuseUnless(body -> body.path("max_tokens").asInt() == 2048, 400, """
                {"error":{"message":"Param Incorrect","param":"max_tokens is too large: 4000. This model supports at most 2048 \
                completion tokens, whereas you provided 4000.","code":"400"}}""");
        assertThat(ask(chat()).text()).isEqualTo("Fine.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "This model's maximum context length is 4097 tokens. However, your messages resulted in 5000 tokens.",
                "The input (61709 tokens) is longer than the model's context length (40960 tokens).",
                "Input length (160062 tokens) exceeds the maximum allowed length (59862 tokens).",
                "the request exceeds the available context size, try increasing it",
                "Requested tokens (2285) exceed context window of 2048",
                "prompt is too long: 210000 tokens > 200000 maximum",
                "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
                "This model's maximum context length is 4096 tokens. However, you requested 8090 tokens (4090 in the messages,"
                        + " 4000 in the completion).",
                "The decoder prompt (length 5000) is longer than the maximum model length of 4096. Make sure that"
                        + " `max_model_len` is no smaller than the number of text tokens.",
                "The prompt (total length 5000) is too long to fit into the model (context length 4096).",
                "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length",
                "too many tokens: total number of tokens in prompt and max_tokens is too high for the model's context",
                "Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context"
                        + " length of only 4096 tokens, which is not enough.",
                "prompt too long; exceeded max context length by 3 tokens",
                "Range of input length should be [1, 30720] (model's input context)",
            })
    void a_prompt_that_is_too_long_is_that_request_s_own_trouble(String message) {
        for (int status : new int[] {400, 422, 500}) {
            server.behave(FaultServer.says(status, message(message)));
            assertThatThrownBy(() -> ask(chat())).isInstanceOfSatisfying(ChatException.class, e -> {
                assertThat(e.kind()).isEqualTo(Kind.REQUEST);
                assertThat(e).hasMessageContaining("context");
            });
        }
        assertThat(server.requests).hasSize(3);
    }

    @Test
    void llama_cpp_tells_its_numbers_in_fields() {
        refuseUnless(body -> body.path("max_tokens").asInt() == 256 - 200, 400, """
                {"error":{"code":400,"message":"the request exceeds the available context size. try increasing the context size \
                or enable context shift","type":"exceed_context_size_error","n_prompt_tokens":200,"n_ctx":256}}""");
        assertThat(ask(chat()).text()).isEqualTo("Fine.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"Unsupported value: 'temperature' does not support 0.6 with this model. Only the"
                        + " default (1) value is supported.\",\"param\":\"temperature\",\"code\":\"unsupported_value\"}}",
                "{\"error\":{\"message\":\"Unrecognized request argument supplied: top_k\"}}",
                "{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"top_k\"],\"msg\":\"Extra inputs are not"
                        + " permitted\"}]}",
                "{\"error\":{\"message\":\"Invalid JSON payload received. Unknown name \\\"top_k\\\": Cannot find field.\"}}",
                "{\"error\":{\"message\":\"temperature must be in [0, 0.5]\"}}",
                "{\"error\":{\"message\":\"The model `m-1` does not exist\",\"code\":\"model_not_found\"}}",
                "{\"error\":{\"message\":\"m-1 is not a valid model ID\",\"code\":400}}",
                "{\"error\":{\"message\":\"Unsupported value: 'stream' does not support true with this model.\"}}",
                "{\"error\":{\"message\":\"Model Not Exist\",\"type\":\"invalid_request_error\",\"param\":null}}",
                "{\"object\":\"error\",\"message\":\"Invalid model: mistral-x\",\"type\":\"invalid_model\",\"code\":\"1500\"}",
                "{\"error\":{\"message\":\"The model `llama-3.1-8b` has been decommissioned and is no longer supported.\","
                        + "\"code\":\"model_decommissioned\"}}",
                "{\"error\":{\"message\":\"Unable to access model x/y. Please visit our site for the list of supported models.\","
                        + "\"code\":\"model_not_available\"}}",
                "{\"error\":{\"message\":\"The model `org/m-1.5-8b` does not exist.\",\"type\":\"NotFoundError\"}}",
                "{\"error\":{\"message\":\"/chat/completions: Invalid model name passed in model=m-1. Call `/v1/models`\"}}",
                "{\"error\":\"No models loaded. Please load a model in the developer page.\"}",
                "{\"object\":\"error\",\"message\":{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"top_k\"],"
                        + "\"msg\":\"Extra inputs are not permitted\",\"input\":20}]},\"type\":\"invalid_request_error\"}",
                "[{\"error\":{\"code\":400,\"message\":\"API key not valid. Please pass a valid API key.\","
                        + "\"status\":\"INVALID_ARGUMENT\"}}]",
                "{\"code\":\"Client specified an invalid argument\",\"error\":\"Incorrect API key provided: xx***yy.\"}",
                "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"Your credit balance is too low"
                        + " to access the API.\"}}",
                "{\"error\":{\"message\":\"Provider returned error\",\"code\":400,\"metadata\":{\"raw\":"
                        + "\"{\\\"message\\\":\\\"Unknown name `top_k`\\\"}\",\"provider_name\":\"X\"}}}",
            })
    void a_refused_setting_stops_the_run(String body) {
        for (int status : new int[] {400, 422}) {
            server.behave(FaultServer.says(status, body));
            assertThatThrownBy(() -> ask(chat()))
                    .isInstanceOfSatisfying(
                            ChatException.class,
                            e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(Kind.FATAL));
        }
    }

    @Test
    void a_key_that_is_refused_with_400_is_said_to_be_refused() {
        server.behave(FaultServer.says(400, "{\"error\":\"Incorrect API key provided: xx***yy.\"}"));
        assertThatThrownBy(() -> ask(chat())).hasMessageContaining("a key is wanted");
    }

    @Test
    void a_request_that_alone_exceeds_a_limit_is_not_sent_again() {
        server.behave(
                FaultServer.says(
                        429,
                        message(
                                "Request too large for m-1 in organization o on tokens per min (TPM): Limit 30000, Requested 40000.")));
        assertThatThrownBy(() -> ask(chat()))
                .isInstanceOfSatisfying(
                        ChatException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REQUEST));
        server.behave(FaultServer.says(
                413, "<html>413 Request Entity Too Large".getBytes(StandardCharsets.UTF_8), "text/html"));
        assertThatThrownBy(() -> ask(chat()))
                .isInstanceOfSatisfying(
                        ChatException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REQUEST));
    }

    @Test
    void an_effort_that_the_model_does_not_know_is_named() {
        server.behave(FaultServer.says(400, message("\"m-1\" does not support thinking")));
        OpenAiChat chat = chat(new SamplingParams(null, null, 4000, null, "high", Map.of()));
        assertThatThrownBy(() -> ask(chat)).hasMessageContaining("reasoning_effort");
    }

    @Test
    void a_reply_that_was_cut_off_gets_more_room_under_either_name() {
        ChatRequest more = new ChatRequest("critic", List.of(ChatMessage.user("x")), 1, 2);
        chat().chat(more);
        assertThat(server.requests.getLast()).contains("\"max_tokens\":8000");
        chat(new SamplingParams(null, null, null, null, null, Map.of("max_completion_tokens", 3000)))
                .chat(more);
        assertThat(server.requests.getLast()).contains("\"max_completion_tokens\":6000");
    }

    @Test
    void where_there_is_no_more_room_a_reply_that_was_cut_off_is_not_paid_for_again() {
        refuseUnless(
                body -> body.path("max_tokens").asInt() <= 3096,
                400,
                message("This model's maximum context length is 4096 tokens and your request has 1000 input tokens."));
        OpenAiChat chat = chat();
        ask(chat);
        assertThat(server.requests).hasSize(2);
        for (SamplingParams sampling : List.of(FOUR_THOUSAND, SamplingParams.DEFAULT)) {
            server.requests.clear();
            assertThatThrownBy(
                            () -> chat(sampling).chat(new ChatRequest("critic", List.of(ChatMessage.user("x")), 1, 2)))
                    .isInstanceOfSatisfying(
                            ChatException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REQUEST))
                    .hasMessageContaining("cut off");
            assertThat(server.requests).allMatch(request -> request.contains("\"max_tokens\":8000"));
        }
    }

    @Test
    void a_text_that_merely_holds_a_setting_s_name_stops_nothing() {
        server.behave(FaultServer.says(400, message("Invalid content: the temperature of the seed is wrong")));
        assertThatThrownBy(() -> ask(chat()))
                .isInstanceOfSatisfying(
                        ChatException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
    }

    @Test
    void a_server_that_refuses_whatever_it_is_asked_is_not_asked_for_ever() {
        server.behave(
                FaultServer.says(400, message("'max_tokens' is not supported. Use 'max_completion_tokens' instead.")));
        assertThatThrownBy(() -> ask(chat())).isInstanceOf(ChatException.class);
        assertThat(server.requests).hasSize(2);
    }
}
