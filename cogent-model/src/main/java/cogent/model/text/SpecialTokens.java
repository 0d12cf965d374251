package cogent.model.text;

import cogent.data.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * What the files around {@code tokenizer.json} say about special tokens.
 *
 * @param named token by name ({@code bos_token}, {@code eos_token}, …), in the order of {@link #NAMES}
 * @param eosIds {@code eos_token_id} of generation_config.json, or else of config.json; may be empty
 */
record SpecialTokens(Map<String, String> named, List<Integer> eosIds) {
    static final List<String> NAMES =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    private static final JsonMapper JSON = JsonMapper.builder().build();

    static SpecialTokens read(Path directory) {
        JsonNode config = json(directory.resolve("tokenizer_config.json"));
        JsonNode map = json(directory.resolve("special_tokens_map.json"));
        JsonNode eos = json(directory.resolve("generation_config.json")).path("eos_token_id");
        if (eos.isMissingNode() || eos.isNull()) {
            eos = json(directory.resolve("config.json")).path("eos_token_id");
        }
        var ids = new ArrayList<Integer>();
        for (JsonNode id :
                eos.isArray() ? eos : eos.isMissingNode() || eos.isNull() ? List.<JsonNode>of() : List.of(eos)) {
            if (!id.isInt() || id.intValue() < 0) {
                throw new InputException(directory + ": eos_token_id must be a token id or a list of them, not " + eos);
            }
            ids.add(id.intValue());
        }
        Map<String, String> named = named(directory.resolve("tokenizer_config.json"), config);
        named(directory.resolve("special_tokens_map.json"), map).forEach(named::putIfAbsent);
        return new SpecialTokens(Collections.unmodifiableMap(named), List.copyOf(ids));
    }

    private static Map<String, String> named(Path file, JsonNode object) {
        try {
            return of(object);
        } catch (InputException e) {
            throw new InputException(file + ": " + e.getMessage(), e);
        }
    }

    /** The tokens that a JSON object names, each as a string or as a serialised AddedToken. */
    static Map<String, String> of(JsonNode object) {
        var named = new LinkedHashMap<String, String>();
        for (String name : NAMES) {
            JsonNode token = object.path(name);
            JsonNode content = token.isObject() ? token.path("content") : token;
            if (content.isString()) {
                named.put(name, content.asString());
            } else if (object.hasNonNull(name)) {
                throw new InputException(name + " must be a token's text, not " + token);
            }
        }
        return named;
    }

    /** The file's JSON; a missing node where there is no such file. */
    static JsonNode json(Path file) {
        if (!Files.isRegularFile(file)) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(file);
        } catch (JacksonException e) {
            throw new InputException(file + " cannot be read as JSON: " + e.getOriginalMessage(), e);
        }
    }
}
