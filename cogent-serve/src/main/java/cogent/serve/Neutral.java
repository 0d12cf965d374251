package cogent.serve;

import cogent.llm.openai.Wire;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Fields of a request that are not served, with the values at which they change nothing: clients send those unasked. OpenAI's,
 * then vLLM's. An empty list: bookkeeping, of any value.
 */
final class Neutral {
    private static final String BOTH = """
            "logit_bias": [{}], "metadata": [], "store": [false], "safety_identifier": [], "service_tier": ["auto", "default"],
            "length_penalty": [1], "use_beam_search": [false], "min_tokens": [0], "ignore_eos": [false],
            "stop_token_ids": [[]], "bad_words": [[]], "include_stop_str_in_output": [false],
            "skip_special_tokens": [true], "spaces_between_special_tokens": [true], "priority": [0],
            "add_special_tokens": [%s]
            """;

    static final Map<String, List<JsonNode>> CHAT = read(BOTH.formatted(false) + """
            , "tools": [[]], "tool_choice": ["none", "auto"], "parallel_tool_calls": [true, false], "functions": [[]],
            "function_call": ["none", "auto"], "response_format": [{"type": "text"}], "modalities": [["text"]],
            "best_of": [1], "prompt_cache_key": [], "prompt_cache_retention": [], "verbosity": ["medium"],
            "reasoning_effort": ["medium"],
            "add_generation_prompt": [true], "continue_final_message": [false], "echo": [false]
            """);

    static final Map<String, List<JsonNode>> COMPLETION = read(BOTH.formatted(true) + """
            , "suffix": [""], "response_format": [{"type": "text"}]
            """);

    /** Of a message in a conversation. */
    static final Map<String, List<JsonNode>> MESSAGE = read("""
            "tool_calls": [[]], "annotations": [[]], "reasoning_content": [""], "refusal": [""]
            """);

    static final Map<String, List<JsonNode>> STREAM_OPTIONS = read("""
            "include_obfuscation": [false], "continuous_usage_stats": [false]
            """);

    private Neutral() {}

    private static Map<String, List<JsonNode>> read(String fields) {
        var read = new LinkedHashMap<String, List<JsonNode>>();
        Wire.JSON
                .readTree("{" + fields + "}")
                .properties()
                .forEach(field -> read.put(
                        field.getKey(), List.copyOf(field.getValue().asArray().values())));
        return Map.copyOf(read);
    }
}
