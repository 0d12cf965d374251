package cogent.llm.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cogent.llm.ChatException;
import cogent.llm.ChatException.Kind;
import cogent.llm.ChatRequest;
import cogent.llm.SamplingParams;
import cogent.llm.resilience.Time;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same three refusals in the words of many servers: a setting, a text that is too long, a model that is not there. */
class RefusalWordingsTest {
    private final FaultServer server = new FaultServer(FaultServer.replies("Fine."));

    @AfterEach
    void stop() {
        server.close();
    }

    private ChatException refused(int status, String body, String... headers) {
        server.behave(FaultServer.says(status, body, headers));
        Endpoint endpoint = Endpoint.at(server.base(), "m-1")
                .withSampling(new SamplingParams(0.6, 0.9, 4000, 7L, null, Map.of("top_k", 20, "min_p", 0.1)));
        var chat = new OpenAiChat(endpoint, endpoint.bases().getFirst(), OpenAiChat.client(), _ -> {}, Time.SYSTEM);
        return catchThrowableOfType(ChatException.class, () -> chat.chat(ChatRequest.of("critic", "How hard is it?")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "OpenAI | 400 | {\"error\":{\"message\":\"Unknown parameter: 'top_k'.\",\"type\":\"invalid_request_error\",\"param\":\"top_k\",\"code\":\"unknown_parameter\"}} | top_k",
                "Azure | 400 | {\"error\":{\"message\":\"Unrecognized request argument supplied: seed\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}} | seed",
                "Azure | 400 | {\"error\":{\"message\":\"Additional properties are not allowed ('min_p' was unexpected) - 'min_p'\"}} | min_p",
                "vLLM | 400 | {\"object\":\"error\",\"message\":\"[{'type': 'extra_forbidden', 'loc': ('body', 'top_k'), 'msg': 'Extra inputs are not permitted'}]\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400} | top_k",
                "vLLM | 400 | {\"object\":\"error\",\"message\":\"temperature must be non-negative, got -1.0.\",\"type\":\"BadRequestError\",\"code\":400} | temperature",
                "llama.cpp | 400 | {\"error\":{\"code\":400,\"message\":\"Unsupported param: seed\",\"type\":\"invalid_request_error\"}} | seed",
                "Ollama | 400 | {\"error\":{\"message\":\"json: cannot unmarshal string into Go struct field ChatCompletionRequest.temperature of type float64\",\"type\":\"invalid_request_error\"}} | temperature",
                "TGI | 422 | {\"error\":\"Input validation error: `temperature` must be strictly positive\",\"error_type\":\"validation\"} | temperature",
                "TGI | 422 | Failed to deserialize the JSON body into the target type: seed: invalid type: floating point, expected u64 | seed",
                "Mistral | 422 | {\"object\":\"error\",\"message\":{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"seed\"],\"msg\":\"Extra inputs are not permitted\"}]},\"type\":\"invalid_request_error\"} | seed",
                "LM Studio | 400 | {\"error\":\"Unrecognized key(s) in object: 'min_p'\"} | min_p",
                "SGLang | 400 | {\"object\":\"error\",\"message\":\"1 validation error for ChatCompletionRequest: chat_kwargs Extra inputs are not permitted\",\"type\":\"Bad Request\",\"code\":400} | chat_kwargs",
                "Groq | 400 | {\"error\":{\"message\":\"property 'top_k' is unsupported\",\"type\":\"invalid_request_error\"}} | top_k",
                "xAI | 400 | {\"code\":\"Client specified an invalid argument\",\"error\":\"Argument not supported on this model: seed\"} | seed",
                "LiteLLM | 400 | {\"error\":{\"message\":\"litellm.UnsupportedParamsError: azure does not support parameters: {'seed': 7}, for model=m-1\"}} | seed",
                "Anthropic | 400 | {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"temperature: range: 0..1\"}} | temperature",
                "DeepSeek | 422 | {\"error\":{\"message\":\"Failed to deserialize the JSON body into the target type: temperature: invalid type: string\"}} | temperature",
                "HF | 422 | {\"error\":\"generate() got an unexpected keyword argument 'reasoning'\"} | reasoning",
            })
    void a_setting_that_is_not_taken_stops_the_run_and_is_named(
            String vendor, int status, String body, String setting) {
        ChatException e = refused(status, body);
        assertThat(e.kind()).as(vendor + ": " + e.getMessage()).isEqualTo(Kind.FATAL);
        assertThat(e).hasMessageContaining("does not take the setting").hasMessageContaining(setting);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "OpenAI | 400 | {\"error\":{\"message\":\"Your input exceeds the context window of this model. Please adjust your input and try again.\",\"code\":\"context_length_exceeded\"}}",
                "OpenAI | 400 | {\"error\":{\"message\":\"Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in 300000 tokens. Please reduce the length of the messages.\",\"code\":\"context_length_exceeded\"}}",
                "Azure | 400 | {\"error\":{\"message\":\"no\",\"code\":\"context_length_exceeded\",\"param\":\"messages\"}}",
                "vLLM | 400 | {\"error\":{\"message\":\"max_tokens must be at least 1, got -904.\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400}}",
                "vLLM | 400 | {\"error\":{\"message\":\"This model's maximum context length is 4096 tokens. However, your request has 5000 input tokens.\",\"param\":\"input_tokens\",\"code\":400}}",
                "llama.cpp | 400 | {\"error\":{\"code\":400,\"message\":\"request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it\",\"type\":\"exceed_context_size_error\",\"n_prompt_tokens\":5000,\"n_ctx\":4096}}",
                "llama.cpp | 500 | {\"error\":{\"code\":500,\"message\":\"input is too large to process. increase the physical batch size\",\"type\":\"server_error\"}}",
                "Ollama | 400 | {\"error\":{\"message\":\"the input length exceeds the context length\",\"type\":\"invalid_request_error\"}}",
                "TGI | 422 | {\"error\":\"Input validation error: `inputs` must have less than 4095 tokens. Given: 5000\",\"error_type\":\"validation\"}",
                "Mistral | 400 | {\"object\":\"error\",\"message\":\"Prompt contains 40000 tokens, too large for model with 32768 maximum context length\",\"code\":3051}",
                "LM Studio | 400 | {\"error\":\"The number of tokens to keep from the initial prompt is greater than the context length. Try to load the model with a larger context length\"}",
                "SGLang | 400 | {\"object\":\"error\",\"message\":\"The input (61709 tokens) is longer than the model's context length (40960 tokens).\",\"code\":400}",
                "Groq | 400 | {\"error\":{\"message\":\"Please reduce the length of the messages or completion.\",\"code\":\"context_length_exceeded\"}}",
                "xAI | 400 | {\"error\":\"This model's maximum prompt length is 131072 but the request contains 537812 tokens.\"}",
                "Moonshot | 400 | {\"error\":{\"message\":\"Invalid request: Your request exceeded model token limit: 8192\",\"type\":\"invalid_request_error\"}}",
                "Zhipu | 400 | {\"error\":{\"code\":\"1261\",\"message\":\"Prompt exceeds max length\"}}",
                "Bedrock | 400 | {\"message\":\"Input is too long for requested model.\"}",
                "Fireworks | 400 | {\"error\":{\"message\":\"The prompt is too long: 9000, model maximum context length: 8191\"}}",
                "Cohere | 400 | {\"message\":\"too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 5000\"}",
            })
    void a_text_that_is_too_long_is_that_row_s_own_trouble(String vendor, int status, String body) {
        ChatException e = refused(status, body);
        assertThat(e.kind()).as(vendor + ": " + e.getMessage()).isEqualTo(Kind.REQUEST);
        assertThat(e).hasMessageContaining("context");
        assertThat(server.requests).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "OpenAI | 404 | {\"error\":{\"message\":\"The model `m-1` does not exist or you do not have access to it.\",\"code\":\"model_not_found\"}}",
                "OpenAI | 403 | {\"error\":{\"message\":\"Project `p` does not have access to model `m-1`\",\"code\":\"model_not_found\"}}",
                "Azure | 404 | {\"error\":{\"code\":\"DeploymentNotFound\",\"message\":\"The API deployment for this resource does not exist.\"}}",
                "vLLM | 404 | {\"error\":{\"message\":\"The model `m-1` does not exist.\",\"type\":\"NotFoundError\",\"param\":\"model\",\"code\":404}}",
                "llama.cpp | 400 | {\"error\":{\"code\":400,\"message\":\"model 'm-1' not found\",\"type\":\"invalid_request_error\"}}",
                "Ollama | 404 | {\"error\":{\"message\":\"model \\\"m-1\\\" not found, try pulling it first\",\"type\":\"api_error\"}}",
                "Mistral | 400 | {\"object\":\"error\",\"message\":\"Invalid model: m-1\",\"type\":\"invalid_model\",\"code\":\"1500\"}",
                "LM Studio | 400 | {\"error\":{\"message\":\"Invalid model identifier \\\"m-1\\\". Please specify a valid downloaded model\",\"type\":\"invalid_request_error\",\"param\":\"model\"}}",
                "LM Studio | 400 | {\"error\":\"Model is not loaded\"}",
                "SGLang | 400 | {\"object\":\"error\",\"message\":\"The model 'm-1' is not supported\",\"code\":400}",
                "OpenRouter | 404 | {\"error\":{\"message\":\"No endpoints found for m-1.\",\"code\":404}}",
                "DashScope | 400 | {\"code\":\"InvalidParameter\",\"message\":\"Model not exist.\"}",
                "Zhipu | 400 | {\"error\":{\"code\":\"1211\",\"message\":\"模型不存在，请检查模型代码。\"}}",
                "Moonshot | 404 | {\"error\":{\"message\":\"Not found the model m-1 or Permission denied\",\"type\":\"resource_not_found_error\"}}",
                "Anthropic | 404 | {\"type\":\"error\",\"error\":{\"type\":\"not_found_error\",\"message\":\"model: m-1\"}}",
                "some proxy | 404 | <html><body>404 Not Found</body></html>",
            })
    void a_model_that_is_not_there_stops_the_run_and_is_named(String vendor, int status, String body) {
        ChatException e = refused(status, body);
        assertThat(e.kind()).as(vendor + ": " + e.getMessage()).isEqualTo(Kind.FATAL);
        assertThat(e).hasMessageContaining("no model \"m-1\" at this URL");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "Gemini | [{\"error\":{\"code\":429,\"message\":\"You exceeded your current quota, please check your plan and billing details.\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.QuotaFailure\",\"violations\":[{\"quotaId\":\"GenerateRequestsPerDayPerProjectPerModel-FreeTier\",\"quotaValue\":\"250\"}]},{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"23s\"}]}}]",
                "Gemini, a model that is not free | [{\"error\":{\"code\":429,\"message\":\"You exceeded your current quota. * Quota exceeded for metric: generate_content_free_tier_input_token_count, limit: 0\"}}]",
                "OpenRouter | {\"error\":{\"message\":\"Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day\",\"code\":429}}",
                "Groq | {\"error\":{\"message\":\"Rate limit reached for model `m-1` on tokens per day (TPD): Limit 100000, Used 99000, Requested 1500. Please try again in 7m12s.\",\"type\":\"tokens\",\"code\":\"rate_limit_exceeded\"}}",
                "OpenAI | {\"error\":{\"message\":\"Rate limit reached for m-1 on RPD: Limit 200, Used 200, Requested 1.\",\"type\":\"requests\"}}",
                "Cerebras | {\"message\":\"Tokens per day limit exceeded - too many tokens processed.\",\"code\":\"token_quota_exceeded\"}",
                "Cohere | {\"message\":\"You are using a Trial key, which is limited to 1000 API calls / month.\"}",
                "Cloudflare | {\"errors\":[{\"message\":\"you have used up your daily free allocation of 10,000 neurons\",\"code\":4006}]}",
                "GitHub | {\"error\":{\"code\":\"RateLimitReached\",\"message\":\"Rate limit of 50 per 86400s exceeded for UserByModelByDay.\"}}",
            })
    void what_is_allowed_for_a_day_is_not_waited_for(String vendor, String body) {
        ChatException e = refused(429, body);
        assertThat(e.kind()).as(vendor + ": " + e.getMessage()).isEqualTo(Kind.FATAL);
        assertThat(e).hasMessageContaining("used up (429").hasMessageContaining("when it is renewed");
        assertThat(server.requests).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "Gemini | [{\"error\":{\"code\":429,\"message\":\"You exceeded your current quota, limit: 10\",\"details\":[{\"violations\":[{\"quotaId\":\"GenerateRequestsPerMinutePerProjectPerModel-FreeTier\"}]}]}}]",
                "OpenRouter | {\"error\":{\"message\":\"Rate limit exceeded: free-models-per-min. Add 10 credits to unlock 1000 free model requests per day\",\"code\":429}}",
                "Groq | {\"error\":{\"message\":\"Rate limit reached for model `m-1` on tokens per minute (TPM): Limit 6000, Used 5900. Upgrade to Dev Tier today\"}}",
                "OpenAI | {\"error\":{\"message\":\"Rate limit reached for m-1 on requests per min. Limit: 3 / min. Please try again in 20s.\"}}",
                "Together | {\"error\":{\"message\":\"You have reached the rate limit specific to this model: 0.6 queries per minute\"}}",
                "Mistral | {\"object\":\"error\",\"message\":\"Requests rate limit exceeded\",\"type\":\"rate_limited\",\"code\":\"1300\"}",
            })
    void what_is_allowed_for_a_minute_is_waited_for(String vendor, String body) {
        assertThat(refused(429, body).kind()).as(vendor).isEqualTo(Kind.TRANSIENT);
    }

    @Test
    void a_day_s_limit_that_fills_up_steadily_says_when_and_is_waited_for() {
        String body = "{\"error\":{\"message\":\"Rate limit reached on requests per day (RPD): Limit 10000\"}}";
        assertThat(refused(429, body, "Retry-After: 9").kind()).isEqualTo(Kind.TRANSIENT);
        ChatException hours = refused(429, body, "Retry-After: 7200");
        assertThat(hours.kind()).isEqualTo(Kind.FATAL);
        assertThat(hours).hasMessageContaining("(it asks for 120 min)");
    }
}
