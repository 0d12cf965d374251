package cogent.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.data.InputException;
import cogent.model.JsonMutations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tokenizers put together of all parts that the native library knows, and damaged, by fixed seeds: they work or are an
 * InputException. One that ends this JVM lies in {@code target/hostile-tokenizer}.
 */
class HostileTokenizerTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final List<String> MODELS = List.of("""
            {"type":"BPE","unk_token":"u","byte_fallback":true,"continuing_subword_prefix":"","end_of_word_suffix":"",
             "vocab":{"u":0,"a":1,"b":2,"ab":3,"<0xF0>":4,"▁":5},"merges":[["a","b"]]}""", """
            {"type":"WordPiece","unk_token":"u","continuing_subword_prefix":"##","max_input_chars_per_word":100,
             "vocab":{"u":0,"a":1,"##b":2}}""", """
            {"type":"WordLevel","unk_token":"u","vocab":{"u":0,"a":1,"b":2}}""", """
            {"type":"Unigram","unk_id":0,"byte_fallback":false,"vocab":[["u",0.0],["a",-1.0],["b",-2.5],["ab",-2.0]]}""");

    private static final List<String> NORMALIZERS = List.of(
            "{\"type\":\"BertNormalizer\",\"clean_text\":true,\"handle_chinese_chars\":true,\"strip_accents\":null,\"lowercase\":true}",
            "{\"type\":\"Strip\",\"strip_left\":true,\"strip_right\":true}",
            "{\"type\":\"StripAccents\"}",
            "{\"type\":\"NFKC\"}",
            "{\"type\":\"NFD\"}",
            "{\"type\":\"Lowercase\"}",
            "{\"type\":\"Nmt\"}",
            "{\"type\":\"ByteLevel\"}",
            "{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"▁\"}",
            "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"a+\"},\"content\":\"\"}",
            "{\"type\":\"Prepend\",\"prepend\":\"▁\"}");

    private static final List<String> PRE_TOKENIZERS = List.of(
            "{\"type\":\"ByteLevel\",\"add_prefix_space\":true,\"trim_offsets\":true,\"use_regex\":true}",
            "{\"type\":\"BertPreTokenizer\"}",
            "{\"type\":\"Whitespace\"}",
            "{\"type\":\"WhitespaceSplit\"}",
            "{\"type\":\"Metaspace\",\"replacement\":\"▁\",\"prepend_scheme\":\"always\",\"split\":true}",
            "{\"type\":\"CharDelimiterSplit\",\"delimiter\":\"a\"}",
            "{\"type\":\"Punctuation\",\"behavior\":\"MergedWithNext\"}",
            "{\"type\":\"Digits\",\"individual_digits\":true}",
            "{\"type\":\"UnicodeScripts\"}",
            "{\"type\":\"FixedLength\",\"length\":2}",
            "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"\\\\p{L}+|\\\\d\"},\"behavior\":\"Removed\",\"invert\":true}",
            "{\"type\":\"Split\",\"pattern\":{\"String\":\"b\"},\"behavior\":\"Contiguous\",\"invert\":false}");

    private static final List<String> POST_PROCESSORS = List.of(
            "{\"type\":\"BertProcessing\",\"sep\":[\"u\",0],\"cls\":[\"a\",1]}",
            "{\"type\":\"RobertaProcessing\",\"sep\":[\"u\",0],\"cls\":[\"a\",1],\"trim_offsets\":true,\"add_prefix_space\":true}",
            "{\"type\":\"ByteLevel\",\"add_prefix_space\":true,\"trim_offsets\":true,\"use_regex\":true}",
            """
            {"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"u","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],
             "pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":1}}],
             "special_tokens":{"u":{"id":"u","ids":[0],"tokens":["u"]}}}""");

    private static final List<String> DECODERS = List.of(
            "{\"type\":\"ByteLevel\",\"add_prefix_space\":true,\"trim_offsets\":true,\"use_regex\":true}",
            "{\"type\":\"WordPiece\",\"prefix\":\"##\",\"cleanup\":true}",
            "{\"type\":\"Metaspace\",\"replacement\":\"▁\",\"prepend_scheme\":\"first\",\"split\":true}",
            "{\"type\":\"BPEDecoder\",\"suffix\":\"</w>\"}",
            "{\"type\":\"CTC\",\"pad_token\":\"a\",\"word_delimiter_token\":\"b\",\"cleanup\":true}",
            "{\"type\":\"ByteFallback\"}",
            "{\"type\":\"Fuse\"}",
            "{\"type\":\"Strip\",\"content\":\" \",\"start\":1,\"stop\":0}",
            "{\"type\":\"Replace\",\"pattern\":{\"String\":\"▁\"},\"content\":\" \"}");

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "ab",
            "a b\nab ",
            "\u0000",
            "é e\u0301 ﬁ １２",
            "𝕏🤷🏽‍♀️\u200d",
            "\ud800a",
            "u<x>ab",
            "日本語 العربية",
            "ab".repeat(500));

    @RepeatedTest(10)
    void a_tokenizer_of_any_parts_works_or_is_told_in_words(RepetitionInfo repetition) throws IOException {
        var random = new SplittableRandom(repetition.getCurrentRepetition());
        JsonMutations mutations = new JsonMutations(random);
        Path folder = Files.createDirectories(Path.of("target/hostile-tokenizer"));
        int refused = 0;
        for (int i = 0; i < 150; i++) {
            JsonNode json = assembled(random);
            String text = random.nextInt(4) == 0 ? JsonMutations.text(json) : mutations.of(json);
            Files.writeString(folder.resolve("tokenizer.json"), text);
            try (Tokenizer tokenizer = Tokenizer.load(folder)) {
                use(tokenizer);
            } catch (InputException e) {
                assertThat(e.getMessage()).as(text).contains("tokenizer.json");
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError(text, e);
            }
        }
        assertThat(refused).isBetween(30, 149);
    }

    /** Every way through the native library. */
    private static void use(Tokenizer tokenizer) {
        for (String text : TEXTS) {
            int[] ids = tokenizer.encodeWithSpecialTokens(text);
            tokenizer.decode(ids);
            tokenizer.decodeSkippingSpecialTokens(tokenizer.encode(text));
        }
        tokenizer.encode(TEXTS);
        tokenizer.decode(IntStream.rangeClosed(0, 12).toArray());
    }

    private static ObjectNode assembled(SplittableRandom random) {
        ObjectNode json = JSON.createObjectNode();
        json.put("version", "1.0").putNull("truncation").putNull("padding");
        json.putArray("added_tokens")
                .addObject()
                .put("id", 6)
                .put("content", "<x>")
                .put("single_word", random.nextBoolean())
                .put("lstrip", random.nextBoolean())
                .put("rstrip", random.nextBoolean())
                .put("normalized", random.nextBoolean())
                .put("special", random.nextBoolean());
        json.set("normalizer", part(NORMALIZERS, "normalizers", random));
        json.set("pre_tokenizer", part(PRE_TOKENIZERS, "pretokenizers", random));
        json.set("post_processor", part(POST_PROCESSORS, "processors", random));
        json.set("decoder", part(DECODERS, "decoders", random));
        json.set("model", JSON.readTree(MODELS.get(random.nextInt(MODELS.size()))));
        return json;
    }

    /** None, one, or a sequence of them. */
    private static JsonNode part(List<String> kinds, String several, SplittableRandom random) {
        int count = random.nextInt(4);
        if (count == 0) {
            return JSON.nullNode();
        }
        List<JsonNode> parts = random.ints(count, 0, kinds.size())
                .mapToObj(i -> JSON.readTree(kinds.get(i)))
                .toList();
        ObjectNode sequence = JSON.createObjectNode().put("type", "Sequence");
        sequence.putArray(several).addAll(parts);
        return count == 1 ? parts.getFirst() : sequence;
    }
}
