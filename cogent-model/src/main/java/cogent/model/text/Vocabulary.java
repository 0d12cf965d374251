package cogent.model.text;

import cogent.data.InputException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tokens of a {@code tokenizer.json} with their ids, which the native library does not tell: {@code model.vocab} (a
 * map of BPE, WordPiece and WordLevel, a list of Unigram) and {@code added_tokens}. Read as a stream, since merges make
 * most of the file.
 */
final class Vocabulary {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Map<String, Integer> tokens = new HashMap<>();
    private final Map<String, Integer> added = new LinkedHashMap<>();
    private final Set<String> special = new HashSet<>();
    private final Set<String> normalized = new HashSet<>();
    private final Map<String, JsonNode> parts = new HashMap<>();
    private String subwordPrefix = "";
    private double dropout;
    private int size;

    private Vocabulary() {}

    static Vocabulary read(Path file) {
        var vocabulary = new Vocabulary();
        try (JsonParser json = JSON.createParser(file)) {
            json.nextToken();
            for (String key = json.nextName(); key != null; key = json.nextName()) {
                json.nextToken();
                switch (key) {
                    case "added_tokens" -> vocabulary.readAdded(json);
                    case "model" -> vocabulary.readModel(json);
                    case "normalizer", "pre_tokenizer", "post_processor", "decoder" ->
                        vocabulary.parts.put(key, json.readValueAsTree());
                    case "version", "truncation", "padding" -> json.skipChildren();
                    default -> // the library ends there, and says where in the file, not at what
                        throw new InputException(file + " has \"" + key
                                + "\" at its outermost level, which tokenizers does not know either: take that out");
                }
            }
        } catch (JacksonException e) {
            throw new InputException(file + " is not a tokenizer.json: " + e.getOriginalMessage(), e);
        }
        if (vocabulary.size == 0) {
            throw new InputException(file + " is not a tokenizer.json: no model.vocab in it");
        }
        if (vocabulary.dropout > 0) {
            throw new InputException(file + ": model.dropout " + vocabulary.dropout
                    + " cuts words by chance, otherwise each time: set it to null");
        }
        return vocabulary;
    }

    OptionalInt id(String token) {
        Integer id = added.getOrDefault(token, tokens.get(token));
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** All of them; an added one before another of its id. */
    SortedMap<Integer, String> byId() {
        SortedMap<Integer, String> byId = new TreeMap<>();
        tokens.forEach((token, id) -> byId.put(id, token));
        added.forEach((token, id) -> byId.put(id, token));
        return byId;
    }

    /** Without the added ones. */
    Map<String, Integer> tokens() {
        return Collections.unmodifiableMap(tokens);
    }

    Map<String, Integer> added() {
        return Collections.unmodifiableMap(added);
    }

    /** Whether the token is an added one that is marked as special. */
    boolean isSpecial(String token) {
        return special.contains(token);
    }

    /** Added tokens that are looked for in the normalised text, in their own normalised form. */
    Set<String> normalized() {
        return Collections.unmodifiableSet(normalized);
    }

    int size() {
        return size;
    }

    /** The parts around the model, by key. */
    Map<String, JsonNode> parts() {
        return parts;
    }

    /** {@code continuing_subword_prefix} of the model, empty without one. */
    String subwordPrefix() {
        return subwordPrefix;
    }

    private void readModel(JsonParser json) {
        for (String key = json.nextName(); key != null; key = json.nextName()) {
            JsonToken token = json.nextToken();
            if (key.equals("continuing_subword_prefix") && token == JsonToken.VALUE_STRING) {
                subwordPrefix = json.getString();
            } else if (key.equals("dropout") && token.isNumeric()) {
                dropout = json.getDoubleValue();
            } else if (!key.equals("vocab")) {
                json.skipChildren();
            } else if (token == JsonToken.START_OBJECT) {
                for (String word = json.nextName(); word != null; word = json.nextName()) {
                    json.nextToken();
                    put(tokens, word, json.getIntValue());
                }
            } else {
                readUnigram(json);
            }
        }
    }

    /** {@code [["<unk>", 0.0], ["▁the", -3.2], …]}: the id is the place. */
    private void readUnigram(JsonParser json) {
        int id = 0;
        while (json.nextToken() == JsonToken.START_ARRAY) {
            String word = json.nextStringValue();
            if (word != null) {
                put(tokens, word, id);
            }
            id++;
            while (json.nextToken() != JsonToken.END_ARRAY) {
                json.skipChildren();
            }
        }
    }

    private void readAdded(JsonParser json) {
        while (json.nextToken() == JsonToken.START_OBJECT) {
            @Nullable String content = null;
            int id = -1;
            boolean steers = false;
            @Nullable Boolean asNormalized = null;
            for (String key = json.nextName(); key != null; key = json.nextName()) {
                json.nextToken();
                switch (key) {
                    case "content" -> content = json.getString();
                    case "id" -> id = json.getIntValue();
                    case "special" -> steers = json.currentToken() == JsonToken.VALUE_TRUE;
                    case "normalized" -> asNormalized = json.currentToken() == JsonToken.VALUE_TRUE;
                    default -> json.skipChildren();
                }
            }
            if (content != null && id >= 0) {
                if (asNormalized == null ? !steers : asNormalized) {
                    normalized.add(content);
                }
                put(added, content, id);
                if (steers) {
                    special.add(content);
                }
            }
        }
    }

    private void put(Map<String, Integer> into, String token, int id) {
        into.put(token, id);
        size = Math.max(size, id + 1);
    }
}
