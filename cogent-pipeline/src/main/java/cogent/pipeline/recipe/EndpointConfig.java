package cogent.pipeline.recipe;

import cogent.pipeline.keys.Key;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** An OpenAI-compatible endpoint with the sampling asked of it. */
public record EndpointConfig(
        @Key(
                doc = "e.g. http://localhost:8000/v1; several addresses of one model, separated by blanks, share the"
                        + " work: each call goes where the fewest are out, one that fails is set aside for a while",
                def = "null",
                operational = true,
                path = true,
                aka = {"base_url", "api_base"})
        @Nullable
        String url,

        @Key(doc = "its name there", def = "null") @Nullable String model,

        @Key(
                doc = "the environment variable that holds the key; never written anywhere",
                def = "null",
                operational = true,
                aka = {"api_key", "api_key_env"})
        @Nullable
        String keyEnv,

        @Key(doc = "null = the endpoint's default", def = "null", range = "[0,)") @Nullable
        Double temperature,

        @Key(doc = "null = the endpoint's default", def = "null", range = "(0,1]") @Nullable
        Double topP,

        @Key(
                doc = "room for a long rewrite and, with reasoning models, for their own thinking",
                def = "16384",
                range = "[1,)",
                aka = {"max_completion_tokens", "max_new_tokens"})
        @Nullable
        Integer maxTokens,

        @Key(doc = "sent with every call, where the endpoint heeds one", def = "null") @Nullable
        Long seed,

        @Key(doc = "low, medium, high, where the endpoint knows it", def = "null") @Nullable
        String reasoningEffort,

        @Key(doc = "further fields of the request, sent as they are", def = "{}")
        Map<String, JsonNode> extraBody,

        @Key(
                doc = "calls in flight, to all addresses together; fewer by itself while the endpoint is crowded",
                def = "64",
                range = "[1,)",
                operational = true)
        int concurrency,

        @Key(
                doc = "0 = no limit of ours; Retry-After and x-ratelimit-* of the endpoint are heeded anyway",
                def = "0",
                range = "[0,)",
                operational = true,
                aka = "rpm")
        int requestsPerMinute,

        @Key(doc = "0 = no limit of ours", def = "0", range = "[0,)", operational = true, aka = "tpm")
        int tokensPerMinute,

        @Key(
                doc = "for a whole call, headers and body",
                def = "1800",
                range = "[1,)",
                operational = true,
                aka = {"timeout", "request_timeout"})
        long deadlineSeconds,

        @Key(
                doc =
                        "replies come piece by piece: for models that only stream, and for long replies behind proxies that cut"
                                + " silent connections",
                def = "false",
                operational = true)
        boolean stream,

        @Key(
                doc = "for what may pass: 429, 5xx, connection trouble",
                def = "9",
                range = "[0,)",
                operational = true,
                aka = "max_retries")
        int retries,

        @Key(doc = "per million prompt tokens", def = "0", range = "[0,)", operational = true)
        double priceIn,

        @Key(doc = "per million completion tokens", def = "0", range = "[0,)", operational = true)
        double priceOut,

        @Key(doc = "a hard limit for the run; 0 = none", def = "0", range = "[0,)", operational = true)
        long budgetCalls,

        @Key(doc = "a hard limit for the run; 0 = none", def = "0", range = "[0,)", operational = true)
        long budgetTokens,

        @Key(
                doc = "a hard limit for the run; 0 = none",
                def = "0",
                range = "[0,)",
                operational = true,
                aka = {"budget", "max_cost"})
        double budgetCost) {}
