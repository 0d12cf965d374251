package cogent.llm.openai;

import cogent.llm.ChatMessage;
import cogent.llm.ChatReply;
import cogent.llm.ChatReply.Finish;
import cogent.llm.ChatReply.Usage;
import cogent.llm.ChatRequest;
import cogent.llm.SamplingParams;
import cogent.llm.Thinking;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON of {@code /chat/completions}, both ways, as OpenAI defines it and as vLLM, SGLang, llama.cpp, DeepSeek,
 * OpenRouter and Mistral bend it.
 */
public final class Wire {
    public static final JsonMapper JSON = JsonMapper.builder().build();

    /** The same value always gives the same text. */
    static final JsonMapper CANONICAL = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    /** How a server says that it did not come to the end of a reply: DeepSeek, OpenRouter, vLLM, Zhipu, TensorRT-LLM. */
    private static final Set<String> BROKEN_OFF =
            Set.of("error", "abort", "insufficient_system_resource", "network_error", "cancelled");

    private Wire() {}

    public static byte[] request(String model, SamplingParams sampling, ChatRequest request) {
        return JSON.writeValueAsBytes(body(model, sampling, request));
    }

    static ObjectNode body(String model, SamplingParams sampling, ChatRequest request) {
        ObjectNode body = JSON.createObjectNode();
        body.put("model", model);
        var messages = body.putArray("messages");
        for (ChatMessage message : request.messages()) {
            messages.addObject()
                    .put("role", message.role().name().toLowerCase(Locale.ROOT))
                    .put("content", wellFormed(message.content()));
        }
        if (sampling.temperature() != null) {
            body.put("temperature", sampling.temperature());
        }
        if (sampling.topP() != null) {
            body.put("top_p", sampling.topP());
        }
        if (sampling.maxTokens() != null) {
            body.put("max_tokens", sampling.completionBound(request.room()).orElseThrow());
        }
        if (sampling.seed() != null) {
            body.put("seed", sampling.seed() + request.sample());
        }
        if (sampling.reasoningEffort() != null) {
            body.put("reasoning_effort", sampling.reasoningEffort());
        }
        sampling.extraBody().forEach((field, value) -> body.set(field, JSON.valueToTree(value)));
        if (sampling.maxTokens() == null) {
            sampling.completionBound(request.room()).ifPresent(bound -> body.put("max_completion_tokens", bound));
        }
        return body;
    }

    /**
     * Reads one answered completion.
     *
     * @param promptBytes size of the prompt, to estimate its tokens where the endpoint does not count them
     * @throws Unreadable when it is none, saying what is wrong with it
     */
    public static ChatReply reply(JsonNode root, String model, long promptBytes) {
        JsonNode choice = root.path("choices").path(0);
        if (!choice.isObject()) {
            String why = ErrorBody.text(root);
            throw new Unreadable(
                    "a reply without choices" + (why.isEmpty() ? "" : " (" + line(why) + ")"), why.isEmpty());
        }
        JsonNode message = choice.path("message");
        String text = content(message.path("content"), "text");
        String reasoning = message.path("reasoning_content").stringValue("");
        if (reasoning.isEmpty()) {
            reasoning = message.path("reasoning").stringValue("");
        }
        if (reasoning.isEmpty()) {
            reasoning = content(message.path("content"), "thinking");
        }
        String ended = choice.path("finish_reason").stringValue("").toLowerCase(Locale.ROOT);
        if (BROKEN_OFF.contains(ended) || choice.hasNonNull("error")) {
            String why = choice.hasNonNull("error") ? ErrorBody.text(choice) : "";
            throw new Unreadable(
                    "a reply that the server broke off (" + (why.isEmpty() ? ended : line(why)) + ")", false);
        }
        Finish finish = finish(ended);
        String refusal = message.path("refusal").stringValue("");
        if (text.isEmpty() && !refusal.isEmpty()) {
            text = refusal;
            finish = Finish.CONTENT_FILTER;
        }
        Thinking parted = Thinking.of(text); // some servers copy the thinking into its field and leave it in the text
        reasoning = reasoning.isEmpty() ? parted.thinking() : reasoning;
        text = parted.answer();
        if (text.isBlank() && reasoning.isBlank() && (finish == Finish.STOP || finish == Finish.OTHER)) {
            throw new Unreadable("an empty reply" + (finish == Finish.STOP ? "" : " (" + line(ended) + ")"), true);
        }
        String answered = root.path("model").stringValue("");
        return new ChatReply(
                answered.isEmpty() ? model : wellFormed(answered),
                wellFormed(text),
                wellFormed(reasoning),
                finish,
                usage(root.path("usage"), promptBytes, text.length() + reasoning.length()));
    }

    /** One line without control characters (a server must not steer the user's terminal), cut at 300 characters. */
    public static String line(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\s]+", " ").strip();
        return line.length() <= 300 ? line : line.substring(0, 299) + "…";
    }

    /** Lone surrogates have no UTF-8: they become U+FFFD, so that what is sent, stored and returned is the same. */
    static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return text.codePoints()
                        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
            }
        }
        return text;
    }

    private static Finish finish(String reason) {
        return switch (reason) {
            case "stop", "eos", "eos_token", "stop_sequence", "end_turn", "complete", "" -> Finish.STOP;
            case "length",
                    "max_tokens",
                    "max_output_tokens",
                    "model_length",
                    "model_context_window_exceeded",
                    "token_limit",
                    "time_limit" -> Finish.LENGTH;
            case "safety",
                    "prohibited_content",
                    "recitation",
                    "refusal",
                    "sensitive",
                    "blocklist",
                    "guardrail_intervened" -> Finish.CONTENT_FILTER;
            default -> reason.startsWith("content_filter") ? Finish.CONTENT_FILTER : Finish.OTHER;
        };
    }

    private static Usage usage(JsonNode usage, long promptBytes, long completionChars) {
        long prompt = count(usage, "prompt_tokens", "input_tokens");
        // Gemini's counts leave the thinking out, its total does not
        long completion = count(usage, "completion_tokens", "output_tokens");
        completion = Math.max(completion, usage.path("total_tokens").asLong(0) - prompt);
        // four bytes a token is the usual rule of thumb; without it budgets would not hold. Some count one of the two
        prompt = prompt > 0 ? prompt : Math.ceilDiv(promptBytes, 4);
        completion = completion > 0 ? completion : Math.ceilDiv(completionChars, 4);
        long reasoning =
                usage.path("completion_tokens_details").path("reasoning_tokens").asLong(0);
        if (reasoning <= 0) {
            reasoning = usage.path("reasoning_tokens").asLong(0);
        }
        return new Usage(prompt, completion, Math.max(0, reasoning));
    }

    private static long count(JsonNode usage, String name, String otherName) {
        return Math.max(0, usage.path(name).asLong(usage.path(otherName).asLong(0)));
    }

    /** A content that is a string, or a list of parts of which those of one type ({@code text}, {@code thinking}) are joined. */
    static String content(JsonNode content, String type) {
        if (!content.isArray()) {
            return type.equals("text") ? content.stringValue("") : "";
        }
        var joined = new StringBuilder();
        for (JsonNode part : content) {
            if (type.equals(type(part))) {
                joined.append(part.isString() ? part.asString() : inside(part));
            }
        }
        return joined.toString();
    }

    private static String type(JsonNode part) {
        return switch (part.path("type").stringValue("")) {
            case "text", "output_text", "" -> "text"; // Bedrock's have no type
            case "thinking", "reasoning", "reasoning_text", "summary_text" -> "thinking"; // Mistral, Databricks
            default -> "";
        };
    }

    private static String inside(JsonNode part) {
        for (String name : new String[] {"text", "thinking", "reasoning", "summary"}) {
            JsonNode within = part.path(name);
            String text = content(within, "text") + content(within, "thinking");
            if (!text.isEmpty()) {
                return text;
            }
        }
        return "";
    }

    /** A 200 that holds no reply; the message says what it holds. */
    public static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final boolean empty;

        /** @param empty whether it is whole, and there is nothing in it */
        public Unreadable(String what, boolean empty) {
            super(what);
            this.empty = empty;
        }

        public boolean isEmpty() {
            return empty;
        }
    }
}
