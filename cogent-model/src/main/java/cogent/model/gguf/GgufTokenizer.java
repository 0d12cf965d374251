package cogent.model.gguf;

import cogent.data.InputException;
import cogent.model.text.ChatTemplate;
import cogent.model.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A {@code tokenizer.json} as the metadata that llama.cpp builds its own tokenizer from. It knows two kinds: byte-level
 * BPE ({@code gpt2}), whose way to split text it must know by name, and SentencePiece's BPE with byte fallback
 * ({@code llama}), which merges by the tokens' scores.
 */
final class GgufTokenizer {
    /** Token types of the specification. */
    static final int NORMAL = 1;

    static final int UNKNOWN = 2;
    static final int CONTROL = 3;
    static final int USER_DEFINED = 4;
    static final int UNUSED = 5;
    static final int BYTE = 6;

    private static final Pattern PHI3 = Pattern.compile("(phi)-?3", Pattern.CASE_INSENSITIVE);
    private static final Set<String> OF_PHI3 = Set.of("<unk>", "<s>", "</s>", "<|endoftext|>");

    private final Tokenizer tokenizer;
    private final JsonNode json;
    private final List<String> tokens = new ArrayList<>();
    private final int[] types;

    private GgufTokenizer(Tokenizer tokenizer, JsonNode json, int rows) {
        this.tokenizer = tokenizer;
        this.json = json;
        types = new int[rows];
        Arrays.fill(types, UNUSED);
        for (int i = 0; i < rows; i++) {
            tokens.add("[PAD" + i + "]"); // rows of the embedding that no token uses still need a name
        }
        json.at("/model/vocab")
                .properties()
                .forEach(e -> put(e.getKey(), e.getValue().asInt(), NORMAL));
        Set<String> named = Set.copyOf(tokenizer.specialTokens().values());
        for (JsonNode added : json.path("added_tokens")) {
            String text = added.path("content").asString("");
            // llama.cpp takes <|…|> for control tokens whatever the file says, and complains where it says otherwise
            boolean control =
                    added.path("special").asBoolean(false) || named.contains(text) || text.matches("<\\|.*\\|>");
            put(text, added.path("id").asInt(-1), control ? CONTROL : USER_DEFINED);
        }
    }

    private void put(String token, int id, int type) {
        tokens.set(id, token);
        types[id] = type;
    }

    /**
     * @param rows of the embedding, at least as many as there are tokens
     * @throws InputException when llama.cpp has no such tokenizer
     */
    static SequencedMap<String, Object> metadata(Tokenizer tokenizer, int rows) {
        Path file = tokenizer.directory().resolve("tokenizer.json");
        JsonNode json = JsonMapper.shared().readTree(file.toFile());
        String kind = json.at("/model/type").asString("");
        if (!kind.equals("BPE")) {
            throw new InputException(
                    file + " is a " + kind + " tokenizer, which llama.cpp cannot run: GGUF holds BPE ones"
                            + (kind.equals("WordLevel") ? " (the playground's student is made of whole words)" : ""));
        }
        GgufTokenizer made = new GgufTokenizer(tokenizer, json, rows);
        SequencedMap<String, Object> metadata = new LinkedHashMap<>();
        if (json.at("/model/byte_fallback").asBoolean(false)) {
            made.sentencePiece(metadata);
        } else {
            made.byteLevel(metadata, file);
        }
        metadata.put("tokenizer.ggml.tokens", made.tokens);
        metadata.put("tokenizer.ggml.token_type", made.types);
        made.special(metadata);
        ChatTemplate.text(tokenizer.directory()).ifPresent(text -> metadata.put("tokenizer.chat_template", text));
        return metadata;
    }

    /**
     * A name for the model. llama.cpp swallows white space after special tokens, as Phi-3's tokenizer does, where the model's
     * name has Phi-3 in it and nowhere else, and does not load other vocabularies under such a name.
     */
    static String named(String name, Tokenizer tokenizer) {
        JsonNode json = JsonMapper.shared()
                .readTree(tokenizer.directory().resolve("tokenizer.json").toFile());
        JsonNode added = json.path("added_tokens");
        Set<String> tokens = added.valueStream()
                .map(token -> token.path("content").asString(""))
                .collect(Collectors.toSet());
        boolean swallows = tokens.containsAll(OF_PHI3)
                && added.valueStream().anyMatch(token -> token.path("rstrip").asBoolean(false));
        if (swallows == PHI3.matcher(name).find()) {
            return name;
        }
        return swallows ? name + " (Phi-3)" : PHI3.matcher(name).replaceAll("$1 3");
    }

    private void byteLevel(SequencedMap<String, Object> metadata, Path file) {
        metadata.put("tokenizer.ggml.model", "gpt2");
        metadata.put("tokenizer.ggml.pre", PreTokenizer.nameOf(json.path("pre_tokenizer"), file));
        List<String> merges = new ArrayList<>();
        for (JsonNode merge : json.at("/model/merges")) {
            merges.add(String.join(" ", pair(merge)));
        }
        metadata.put("tokenizer.ggml.merges", merges);
    }

    private void sentencePiece(SequencedMap<String, Object> metadata) {
        metadata.put("tokenizer.ggml.model", "llama");
        metadata.put("tokenizer.ggml.pre", "default");
        metadata.put("tokenizer.ggml.add_space_prefix", addsSpace());
        // merging goes by score here: a token is worth the rank of the first merge that makes it
        Map<String, Integer> ranks = new HashMap<>();
        int rank = 0;
        for (JsonNode merge : json.at("/model/merges")) {
            ranks.putIfAbsent(String.join("", pair(merge)), rank++);
        }
        float[] scores = new float[tokens.size()];
        for (int id = 0; id < scores.length; id++) {
            String token = tokens.get(id);
            if (types[id] == NORMAL) {
                scores[id] = -ranks.getOrDefault(token, rank);
                if (token.matches("<0x[0-9A-F]{2}>")) {
                    types[id] = BYTE;
                }
            }
        }
        metadata.put("tokenizer.ggml.scores", scores);
        String unknown = json.at("/model/unk_token").asString("");
        tokenizer.id(unknown).ifPresent(id -> types[id] = UNKNOWN);
    }

    /** Whether a space goes before the text: by the normalizer in old files, by the pre-tokenizer in new ones. */
    private boolean addsSpace() {
        JsonNode normalizer = json.path("normalizer");
        boolean prepends = normalizer.path("type").asString("").equals("Prepend");
        for (JsonNode one : normalizer.path("normalizers")) {
            prepends |= one.path("type").asString("").equals("Prepend");
        }
        JsonNode pre = json.path("pre_tokenizer");
        return prepends
                || (pre.path("type").asString("").equals("Metaspace")
                        && !pre.path("prepend_scheme").asString("always").equals("never"));
    }

    private void special(SequencedMap<String, Object> metadata) {
        OptionalInt eos = tokenizer.specialId("eos_token");
        SortedSet<Integer> stops = tokenizer.stopIds();
        if (eos.isEmpty() && !stops.isEmpty()) {
            eos = OptionalInt.of(stops.getFirst());
        }
        put(metadata, "tokenizer.ggml.bos_token_id", tokenizer.specialId("bos_token"));
        put(metadata, "tokenizer.ggml.eos_token_id", eos);
        put(metadata, "tokenizer.ggml.unknown_token_id", tokenizer.specialId("unk_token"));
        put(metadata, "tokenizer.ggml.padding_token_id", tokenizer.specialId("pad_token"));
        int end = eos.orElse(-1);
        stops.stream()
                .filter(id -> id != end)
                .findFirst()
                .ifPresent(id -> metadata.put("tokenizer.ggml.eot_token_id", id));
        int[] around = tokenizer.encodeWithSpecialTokens("");
        metadata.put("tokenizer.ggml.add_bos_token", contains(around, tokenizer.specialId("bos_token")));
        metadata.put("tokenizer.ggml.add_eos_token", contains(around, eos));
    }

    private static boolean contains(int[] ids, OptionalInt id) {
        return id.isPresent() && Arrays.stream(ids).anyMatch(i -> i == id.getAsInt());
    }

    private static void put(SequencedMap<String, Object> metadata, String key, OptionalInt id) {
        id.ifPresent(value -> metadata.put(key, value));
    }

    /** {@code "a b"} in old files, {@code ["a", "b"]} in new ones. */
    private static List<String> pair(JsonNode merge) {
        List<String> parts = merge.isArray()
                ? merge.valueStream().map(JsonNode::asString).toList()
                : List.of(merge.asString("").split(" ", -1));
        if (parts.size() != 2 || parts.stream().anyMatch(part -> part.contains(" "))) {
            throw new InputException("a merge of the tokenizer is not a pair without spaces: " + merge);
        }
        return parts;
    }
}
