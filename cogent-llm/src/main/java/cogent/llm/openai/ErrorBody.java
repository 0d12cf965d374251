package cogent.llm.openai;

import tools.jackson.databind.JsonNode;

/** What a body says that holds no reply, in the ways of the servers that call themselves OpenAI-compatible. */
public final class ErrorBody {
    private ErrorBody() {}

    /**
     * The status that a body under 200 tells of: OpenRouter and vLLM fail late, MiniMax and Zhipu say 200 to everything. 0
     * where it tells of none; some gateways set an empty error beside a whole reply.
     */
    public static int status(JsonNode root) {
        JsonNode body = unwrapped(root);
        JsonNode error = body.path("error");
        boolean told = error.isObject() ? tells(error) : !error.stringValue("").isBlank();
        if (!told && body.path("choices").path(0).isObject()) {
            return 0;
        }
        int minimax = body.path("base_resp").path("status_code").asInt(0);
        int code = error.path("code").asInt(body.path("code").asInt(0));
        if (minimax == 0 && !told) {
            return code >= 400 && code < 600 && !text(body).isEmpty() ? code : 0;
        }
        return switch (minimax) {
            case 0 -> code >= 400 && code < 600 ? code : named(error);
            case 1002 -> 429;
            case 1004, 2049 -> 401;
            case 1008 -> 402;
            case 1026, 2013 -> 400;
            default -> 500;
        };
    }

    private static int named(JsonNode error) {
        String name =
                error.path("code").stringValue("") + " " + error.path("type").stringValue("");
        return name.contains("rate_limit")
                ? 429
                : name.contains("overloaded") ? 529 : name.contains("content_filter") ? 400 : 500;
    }

    private static boolean tells(JsonNode error) {
        for (JsonNode field : error) {
            if (!(field.isNull() || field.isContainer() || field.asString("").isBlank())) {
                return true;
            }
        }
        return false;
    }

    /** What an error body says; empty if it says nothing. */
    public static String text(JsonNode body) {
        JsonNode root = unwrapped(body);
        JsonNode error = root.path("error");
        // OpenRouter passes on what the provider behind it said
        String inner = error.path("metadata").path("raw").stringValue("");
        if (error.path("param").stringValue("").contains(" ")) {
            inner = error.path("param").stringValue(""); // a sentence, where others name the setting
        }
        for (JsonNode candidate : new JsonNode[] {
            error.path("message"),
            error,
            root.path("message"),
            root.path("detail"),
            root.path("error_msg"),
            root.path("msg"),
            root.path("Message"),
            root.path("base_resp").path("status_msg"),
            root.path("errors").path(0).path("message"),
            root.path("errors")
        }) {
            if (candidate.isString() && !candidate.asString().isBlank()) {
                return candidate.asString() + (inner.isEmpty() ? "" : ": " + inner);
            }
            if (candidate.isContainer() && !candidate.isEmpty()) {
                return candidate.toString();
            }
        }
        return "";
    }

    /** Gemini sets its errors in a list. */
    static JsonNode unwrapped(JsonNode body) {
        return body.isArray() && body.size() == 1 ? body.path(0) : body;
    }
}
