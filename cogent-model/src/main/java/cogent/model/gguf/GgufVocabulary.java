package cogent.model.gguf;

import cogent.data.InputException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tokenizer in a GGUF file as Hugging Face's files: the way back of {@link GgufTokenizer}. Files do not hold everything:
 * how text is split stands there as a name, and what goes around a text as two flags.
 */
final class GgufVocabulary {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final char SPACE = '\u2581';

    private final Gguf gguf;
    private final List<String> tokens;
    private final List<Long> types;
    private final ObjectNode tokenizer = JSON.createObjectNode();

    private GgufVocabulary(Gguf gguf) {
        this.gguf = gguf;
        tokens = gguf.list("tokenizer.ggml.tokens", String.class);
        types = gguf.list("tokenizer.ggml.token_type", Long.class);
        if (types.size() != tokens.size()) {
            throw refused(tokens.size() + " tokens, and " + types.size() + " types of tokens");
        }
    }

    /** @throws InputException when the file's tokenizer is none that can be written so */
    static ObjectNode tokenizer(Gguf gguf) {
        GgufVocabulary vocabulary = new GgufVocabulary(gguf);
        vocabulary.fill();
        return vocabulary.tokenizer;
    }

    /** The {@code tokenizer_config.json}: special tokens by name, and the chat template. */
    static ObjectNode config(Gguf gguf) {
        GgufVocabulary vocabulary = new GgufVocabulary(gguf);
        ObjectNode config = JSON.createObjectNode()
                .put("tokenizer_class", "PreTrainedTokenizerFast")
                .put("clean_up_tokenization_spaces", false);
        gguf.whole(gguf.text("general.architecture").orElse("") + ".context_length")
                .ifPresent(length -> config.put("model_max_length", length));
        vocabulary.named("bos").ifPresent(token -> config.put("bos_token", token));
        vocabulary.named("eos").ifPresent(token -> config.put("eos_token", token));
        vocabulary.named("unknown").ifPresent(token -> config.put("unk_token", token));
        vocabulary.named("padding").ifPresent(token -> config.put("pad_token", token));
        gguf.text("tokenizer.chat_template").ifPresent(template -> config.put("chat_template", template));
        return config;
    }

    /** The {@code generation_config.json}: what ends a reply. */
    static ObjectNode generation(Gguf gguf) {
        ObjectNode generation = JSON.createObjectNode();
        gguf.whole("tokenizer.ggml.bos_token_id").ifPresent(id -> generation.put("bos_token_id", id));
        ArrayNode ends = JSON.createArrayNode();
        for (String end : List.of("eos", "eot")) {
            gguf.whole("tokenizer.ggml." + end + "_token_id").ifPresent(ends::add);
        }
        if (!ends.isEmpty()) {
            generation.set("eos_token_id", ends);
        }
        gguf.whole("tokenizer.ggml.padding_token_id").ifPresent(id -> generation.put("pad_token_id", id));
        return generation;
    }

    private void fill() {
        String kind = gguf.text("tokenizer.ggml.model").orElse("missing");
        tokenizer.put("version", "1.0").putNull("truncation").putNull("padding");
        addedTokens();
        switch (kind) {
            case "gpt2" -> byteLevel();
            case "llama" -> sentencePiece();
            default ->
                throw refused("tokenizer.ggml.model \"" + kind + "\" is not supported; gpt2 (byte-level BPE) and llama"
                        + " (SentencePiece's BPE) are");
        }
        around();
    }

    private void addedTokens() {
        ArrayNode added = tokenizer.putArray("added_tokens");
        for (int id = 0; id < tokens.size(); id++) {
            int type = types.get(id).intValue();
            if (type == GgufTokenizer.CONTROL || type == GgufTokenizer.USER_DEFINED || type == GgufTokenizer.UNKNOWN) {
                added.addObject()
                        .put("id", id)
                        .put("content", tokens.get(id))
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", false)
                        .put("special", type != GgufTokenizer.USER_DEFINED);
            }
        }
    }

    private void byteLevel() {
        String name = gguf.text("tokenizer.ggml.pre").orElse("default");
        PreTokenizer.Way way = PreTokenizer.of(name)
                .orElseThrow(() -> refused("tokenizer.ggml.pre \"" + name
                        + "\" names a way to split text that is not known here; known are "
                        + String.join(", ", PreTokenizer.names())));
        if (way.composes()) {
            tokenizer.putObject("normalizer").put("type", "NFC");
        } else {
            tokenizer.putNull("normalizer");
        }
        tokenizer.set("pre_tokenizer", way.json());
        tokenizer
                .putObject("decoder")
                .put("type", "ByteLevel")
                .put("add_prefix_space", true)
                .put("trim_offsets", true)
                .put("use_regex", true);
        ObjectNode model = model(false).put("ignore_merges", way.wholeWords());
        ArrayNode merges = model.putArray("merges");
        gguf.list("tokenizer.ggml.merges", String.class).forEach(merges::add);
    }

    private void sentencePiece() {
        ArrayNode steps =
                tokenizer.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
        if (gguf.flag("tokenizer.ggml.add_space_prefix").orElse(true)) {
            steps.addObject().put("type", "Prepend").put("prepend", String.valueOf(SPACE));
        }
        replace(steps.addObject(), " ", String.valueOf(SPACE));
        tokenizer.putNull("pre_tokenizer");
        ArrayNode back = tokenizer.putObject("decoder").put("type", "Sequence").putArray("decoders");
        replace(back.addObject(), String.valueOf(SPACE), " ");
        back.addObject().put("type", "ByteFallback");
        back.addObject().put("type", "Fuse");
        if (gguf.flag("tokenizer.ggml.add_space_prefix").orElse(true)) {
            back.addObject()
                    .put("type", "Strip")
                    .put("content", " ")
                    .put("start", 1)
                    .put("stop", 0);
        }
        ObjectNode model = model(true).put("ignore_merges", false);
        named("unknown").ifPresent(token -> model.put("unk_token", token));
        ArrayNode merges = model.putArray("merges");
        mergesByScore().forEach(merges::add);
    }

    private static void replace(ObjectNode step, String what, String by) {
        step.put("type", "Replace").put("content", by).putObject("pattern").put("String", what);
    }

    private ObjectNode model(boolean byteFallback) {
        ObjectNode model = tokenizer.putObject("model").put("type", "BPE").put("byte_fallback", byteFallback);
        model.put("fuse_unk", byteFallback);
        for (String none : List.of("dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix")) {
            model.putNull(none);
        }
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < tokens.size(); id++) {
            if (types.get(id) != GgufTokenizer.UNUSED) {
                vocabulary.put(tokens.get(id), id);
            }
        }
        return model;
    }

    /** SentencePiece merges whatever makes the token of the best score: every split of a token into two is a merge of its rank. */
    private List<String> mergesByScore() {
        List<Double> scores = gguf.list("tokenizer.ggml.scores", Double.class);
        if (scores.size() != tokens.size()) {
            throw refused(tokens.size() + " tokens, and " + scores.size() + " scores");
        }
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            if (types.get(id) == GgufTokenizer.NORMAL) {
                ids.put(tokens.get(id), id);
            }
        }
        record Merge(String left, String right, double score, int leftId, int rightId) {}
        List<Merge> merges = new ArrayList<>();
        ids.forEach((token, id) -> {
            for (int cut = token.offsetByCodePoints(0, 1);
                    cut < token.length();
                    cut = token.offsetByCodePoints(cut, 1)) {
                Integer left = ids.get(token.substring(0, cut));
                Integer right = ids.get(token.substring(cut));
                if (left != null && right != null) {
                    merges.add(new Merge(token.substring(0, cut), token.substring(cut), scores.get(id), left, right));
                }
            }
        });
        merges.sort(Comparator.comparingDouble(Merge::score)
                .reversed()
                .thenComparingInt(Merge::leftId)
                .thenComparingInt(Merge::rightId));
        return merges.stream().map(merge -> merge.left + " " + merge.right).toList();
    }

    /** What goes around a text where the tokenizer is asked for it. */
    private void around() {
        Optional<String> before =
                gguf.flag("tokenizer.ggml.add_bos_token").orElse(beginsByItself()) ? named("bos") : Optional.empty();
        Optional<String> after =
                gguf.flag("tokenizer.ggml.add_eos_token").orElse(false) ? named("eos") : Optional.empty();
        if (before.isEmpty() && after.isEmpty()) {
            tokenizer.putNull("post_processor");
            return;
        }
        ObjectNode template = tokenizer.putObject("post_processor").put("type", "TemplateProcessing");
        ObjectNode special = JSON.createObjectNode();
        ArrayNode single = template.putArray("single");
        ArrayNode pair = template.putArray("pair");
        before.ifPresent(token -> piece(special, token, single, pair));
        text(single, "A");
        text(pair, "A");
        text(pair, "B");
        after.ifPresent(token -> piece(special, token, single, pair));
        template.set("special_tokens", special);
    }

    /** What llama.cpp does with a file that does not say: older ones of Llama and Mistral. */
    private boolean beginsByItself() {
        return gguf.text("tokenizer.ggml.model").filter("llama"::equals).isPresent()
                || gguf.text("tokenizer.ggml.pre")
                        .flatMap(PreTokenizer::of)
                        .filter(PreTokenizer.Way::wholeWords)
                        .isPresent();
    }

    private void piece(ObjectNode special, String token, ArrayNode... sequences) {
        for (ArrayNode sequence : sequences) {
            sequence.addObject().putObject("SpecialToken").put("id", token).put("type_id", 0);
        }
        ObjectNode one = special.putObject(token).put("id", token);
        one.putArray("ids").add(tokens.indexOf(token));
        one.putArray("tokens").add(token);
    }

    private static void text(ArrayNode sequence, String which) {
        sequence.addObject().putObject("Sequence").put("id", which).put("type_id", 0);
    }

    private Optional<String> named(String name) {
        return gguf.whole("tokenizer.ggml." + name + "_token_id").map(id -> {
            if (id < 0 || id >= tokens.size()) {
                throw refused("tokenizer.ggml." + name + "_token_id is " + id + " of " + tokens.size() + " tokens");
            }
            return tokens.get(id.intValue());
        });
    }

    private InputException refused(String what) {
        return new InputException(gguf.file() + ": " + what);
    }
}
