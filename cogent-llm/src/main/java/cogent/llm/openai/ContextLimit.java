package cogent.llm.openai;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a refusal says of the tokens that a model takes. There is no standard for it: read are the sentences of OpenAI,
 * Azure, vLLM, SGLang, TGI, llama.cpp and its Python server, Mistral, DeepSeek, Groq, OpenRouter, Gemini, Anthropic, xAI, Moonshot and Zhipu, and
 * the fields {@code n_ctx} and {@code n_prompt_tokens} of llama.cpp.
 *
 * @param context tokens of prompt and reply together
 * @param prompt tokens of this prompt
 */
record ContextLimit(long context, long prompt) {
    private static final Pattern TOO_LONG = Pattern.compile(
            "context (length|size|window|limit)|context_length|exceed_context|model length|too many tokens"
                    + "|range of input length|prompt is too long|input is too long|string too long|maximum number of tokens|tokens? (count|limit) exceed"
                    + "|reduce the length|maximum allowed length|input token count|max_new_tokens` must be <=|inputs` must have less"
                    + "|max_tokens must be at least 1, got -|too large to process|maximum prompt length|max_model_len|prompt too long"
                    + "|exceed\\w* (?:the )?(?:model(?:'s)? )?(?:maximum )?token limit|exceeds max(?:imum)? (?:input |prompt )?length");
    private static final Pattern CONTEXT = Pattern.compile(
            "(?:(?:context|model|prompt) (?:length|size|window)|(?:allowed|maximum) length|tokens allowed|must be <=|token limit)[^0-9]{0,24}"
                    + "(\\d{1,12})|(\\d{1,12}) maximum|\\d \\+ \\d{1,12} > (\\d{1,12})");
    private static final Pattern PROMPT =
            Pattern.compile("(\\d{1,12}) (?:in (?:the|your) (?:messages|prompt)|input tokens|tokens from the input"
                    + "|of text input|`inputs` tokens)"
                    + "|(?:messages resulted in|input \\(|input length \\(|prompt \\(length |context limit:|requested tokens \\(|prompt is too long:"
                    + "|prompt contains|request contains|request \\(|input token count \\()\\s*(\\d{1,12})");
    private static final Pattern TOTAL = Pattern.compile("requested (?:about |a total of )?(\\d{1,12}) tokens");
    private static final Pattern MOST_OF_A_REPLY = Pattern.compile(
            "at most (\\d{1,12}) completion tokens|range of max_tokens (?:is|should be) \\[1, ?(\\d{1,12})]"
                    + "|max[_ ](?:completion_)?tokens\\b.{0,60}?(?:must|should) be (?:range from \\[\\d+, ?"
                    + "|less than or equal to \\W?|between \\d+ and )(\\d{1,12})|max_tokens: \\d+ > (\\d{1,12})"
                    + "|max_tokens\\b.{0,100}?(?:value <= |too large\\W{1,3}the maximum is |must be between \\d+ and )(\\d{1,12})"
                    + "|maximum of (\\d{1,12})(?: (?:output|completion) tokens|\\W{1,5}max_(?:completion_)?tokens)"
                    + "|max_tokens=\\d+ cannot be greater than max_model_len=(?:max_total_tokens=)?(\\d{1,12})"
                    + "|exceeds the model limit of (\\d{1,12})");

    /** Vertex: "from 1 (inclusive) to 8193 (exclusive)". */
    private static final Pattern TOO_MANY_OF_A_REPLY =
            Pattern.compile("maxoutputtokens\\b.{0,120}? to (\\d{1,12}) \\(exclusive\\)");

    /** How many tokens are left for the reply. */
    long room() {
        return context - prompt;
    }

    /** Whether the refusal is about the length of this very request. */
    static boolean exceeded(JsonNode error, String said) {
        return TOO_LONG.matcher((error.path("code").asString("") + " "
                                + error.path("type").asString("") + " " + said)
                        .toLowerCase(Locale.ROOT))
                .find();
    }

    /**
     * The numbers of a refusal that is about the context; empty where it does not give both.
     *
     * @param bound the bound on the reply that was sent
     */
    static Optional<ContextLimit> of(JsonNode error, String said, OptionalLong bound) {
        if (error.path("n_ctx").isNumber() && error.path("n_prompt_tokens").isNumber()) {
            return Optional.of(new ContextLimit(
                    error.path("n_ctx").asLong(), error.path("n_prompt_tokens").asLong()));
        }
        if (!exceeded(error, said)) {
            return Optional.empty();
        }
        String lower = said.toLowerCase(Locale.ROOT);
        Long context = number(CONTEXT, lower);
        Long prompt = number(PROMPT, lower);
        Long total = number(TOTAL, lower);
        if (prompt == null && total != null && bound.isPresent()) {
            prompt = total - bound.getAsLong();
        }
        return context == null || prompt == null ? Optional.empty() : Optional.of(new ContextLimit(context, prompt));
    }

    /** The most tokens that the server lets any reply have, where the refusal says so. */
    static OptionalLong mostOfAReply(String said) {
        String lower = said.toLowerCase(Locale.ROOT);
        Long most = number(MOST_OF_A_REPLY, lower);
        Long tooMany = number(TOO_MANY_OF_A_REPLY, lower);
        if (most == null && tooMany != null) {
            most = tooMany - 1;
        }
        return most == null || most < 1 ? OptionalLong.empty() : OptionalLong.of(most);
    }

    private static @Nullable Long number(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        if (!found.find()) {
            return null;
        }
        for (int group = 1; group <= found.groupCount(); group++) {
            if (found.group(group) != null) {
                return Long.valueOf(found.group(group));
            }
        }
        return null;
    }
}
