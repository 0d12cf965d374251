package cogent.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Files on which the native library ends the process: this JVM would be gone, were they not refused before. */
class NativeLimitsTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{'decoder':{'type':'Strip','content':' ','start':1,'stop':1}}|Strip",
                "{'decoder':{'type':'Sequence','decoders':[{'type':'Fuse'},{'type':'Strip','content':' ','start':0,'stop':3}]}}|Strip",
                "{'pre_tokenizer':{'type':'FixedLength','length':0}}|FixedLength",
                "{'pre_tokenizer':{'type':'Sequence','pretokenizers':[{'type':'FixedLength','length':0}]}}|FixedLength",
                "{'normalizer':{'type':'Precompiled','precompiled_charsmap':''}}|Precompiled",
                "{'normalizer':{'type':'Precompiled','precompiled_charsmap':null}}|Precompiled",
                "{'normalizer':{'type':'Precompiled','precompiled_charsmap':'%%%'}}|Precompiled",
                "{'normalizer':{'type':'Precompiled','precompiled_charsmap':'/////w=='}}|Precompiled",
                "{'normalizer':{'type':'Sequence','normalizers':[{'type':'NFC'},{'type':'Precompiled','precompiled_charsmap':'AAAA'}]}}|Precompiled",
                "{'normalizer':{'type':'Precompiled','precompiled_charsmap':'AAAAAA=='}}|cut off",
                "{'normalizer':{'type':'Precompiled','precompiled_charsmap':'BAAAAAAAAAA='}}|out of its trie",
                "{'normalizer':{'type':'Replace','pattern':{'String':''},'content':'x'}}|empty text",
                "{'normalizer':{'type':'Replace','pattern':{'Regex':'z*'},'content':'x'}}|empty text",
                "{'normalizer':{'type':'Replace','pattern':{'Regex':'(?=e)'},'content':'x'}}|empty text",
                "{'normalizer':{'type':'Replace','pattern':{'Regex':'(?=日)'},'content':'x'}}|empty text",
                "{'normalizer':{'type':'Replace','pattern':{'Regex':'\\\\K'},'content':'x'}}|empty text",
                "{'normalizer':{'type':'Replace','pattern':{'Regex':'(?!日[()](?:本))'},'content':'x'}}|empty text",
                "{'normalizer':{'type':'Replace','pattern':{'Regex':'(?~日)'},'content':'x'}}|empty text",
                "{'pre_tokenizer':{'type':'Split','pattern':{'Regex':'((((((((((a*)*)*)*)*)*)*)*)*)*)*c'},'behavior':'Removed','invert':false}}|too many ways",
                "{'pre_tokenizer':{'type':'Sequence','pretokenizers':[{'type':'Split','pattern':{'Regex':'(?<x>a\\\\g<x>?b?)+$'},'behavior':'Removed','invert':false}]}}|too many ways",
                "{'decoder':{'type':'Replace','pattern':{'Regex':'(?:a+)*[bx]'},'content':'x'}}|too many ways",
                "{'normalizer':{'type':'Prepend','prepend':''}}|nothing to prepend",
                "{'post_processor':{'type':'TemplateProcessing','single':[{'SpecialToken':{'id':'[CLS]','type_id':0}},{'Sequence':{'id':'A','type_id':0}}],'pair':[],'special_tokens':{}}}|CLS",
                "{'post_processor':{'type':'TemplateProcessing','single':[{'Sequence':{'id':'B','type_id':0}}],'pair':[],'special_tokens':{}}}|sequence B",
                "{'post_processor':{'type':'Sequence','processors':[{'type':'BertProcessing','sep':['<think>',267],'cls':['<think>',267]},{'type':'TemplateProcessing','single':[{'Sequence':{'id':'A','type_id':0}}],'pair':[],'special_tokens':{}}]}}|comes after",
                "{'decoder':{'type':'Fuse','x':'\\ud800'}}|surrogate",
                "{'decoder':{'type':0.5,'content':' ','start':1,'stop':1}}|no known type",
                "{'pre_tokenizer':{'type':'Sequence','pretokenizers':[{'length':0}]}}|no known type",
                "{'normalizer':{'type':'StripAccents'},'added_tokens':[{'id':264,'content':'\\u0301','normalized':true,'special':true}]}|leaves nothing",
            })
    void what_would_end_the_process_is_refused_by_name(String change, String message) throws Exception {
        ObjectNode json = (ObjectNode) JSON.readTree(TokenizerTest.TINY.resolve("tokenizer.json"));
        JSON.readTree(change.replace('\'', '"')).properties().forEach(e -> json.set(e.getKey(), e.getValue()));
        refused(json, message);
    }

    @Test
    void a_merge_shorter_than_the_prefix_of_continued_words_is_refused() throws Exception {
        ObjectNode json = JSON.createObjectNode();
        ObjectNode model = json.putObject("model");
        model.put("type", "BPE").put("continuing_subword_prefix", "##");
        model.putObject("vocab").put("a", 0).put("b", 1).put("ab", 2).put("##b", 3);
        model.putArray("merges").add("a b");
        refused(json, "continuing_subword_prefix");
        model.putArray("merges").addArray().add("a").add("b");
        refused(json, "continuing_subword_prefix");
        model.putArray("merges").addArray().add("a").add("##b");
        JSON.writeValue(folder.resolve("tokenizer.json"), json);
        try (Tokenizer sound = Tokenizer.load(folder)) {
            assertThat(sound.encode("ab")).containsExactly(2);
        }
    }

    @Test
    void a_replacement_that_only_looks_around_its_match_is_taken() throws Exception {
        ObjectNode json = (ObjectNode) JSON.readTree(TokenizerTest.TINY.resolve("tokenizer.json"));
        ObjectNode replace = json.putObject("normalizer").put("type", "Replace").put("content", "b");
        for (String regex : List.of("^a", "a(?=c)", "a\\b", "(?<=x)a", "[(?=]a|a", "a{1,}", "\\(?=a|a")) {
            replace.putObject("pattern").put("Regex", regex);
            JSON.writeValue(folder.resolve("tokenizer.json"), json);
            try (Tokenizer sound = Tokenizer.load(folder)) {
                for (String text : List.of("", "a", "ac", "xa c", "a日", "日a", "(?=a")) {
                    assertThat(sound.decode(sound.encode(text)))
                            .as(regex + " on " + text)
                            .isNotNull();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a*a*[bx]", "[xy]\\p{L}+(?:\\w+)(?!a|c)[bx]", "(a|aa)+[bx]", ".*.*=", "(?:\\s*)\\s+[^\\s]x"})
    void a_run_that_may_be_shared_in_many_ways_is_refused(String regex) throws Exception {
        ObjectNode json = (ObjectNode) JSON.readTree(TokenizerTest.TINY.resolve("tokenizer.json"));
        json.putObject("pre_tokenizer")
                .put("type", "Split")
                .put("behavior", "Isolated")
                .put("invert", false)
                .putObject("pattern")
                .put("Regex", regex);
        refused(json, "too many ways");
    }

    @Test
    void the_patterns_of_the_field_are_taken() {
        for (String regex : List.of(
                "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
                "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\s+",
                "\\d{1,3}(?=(?:\\d{3})*\\b)",
                "\\s?\\p{L}+(?:'\\p{L}+)*",
                "(?=(\\d{3})+(?!\\d))",
                "\\w+|[^\\w\\s]+")) {
            assertThat(Backtracking.isQuadratic(regex)).as(regex).isFalse();
        }
    }

    @Test
    void a_charsmap_that_holds_together_is_taken() throws Exception {
        ObjectNode json = (ObjectNode) JSON.readTree(TokenizerTest.TINY.resolve("tokenizer.json"));
        // a trie of 256 units: 'a' leads to 'b'
        ByteBuffer map = ByteBuffer.allocate(4 + 1024 + 2).order(ByteOrder.LITTLE_ENDIAN);
        map.putInt(1024).putInt(4 + 4 * 'a', 'a' | 1 << 8 | 200 << 10);
        map.position(4 + 1024).put((byte) 'b').put((byte) 0);
        json.putObject("normalizer")
                .put("type", "Precompiled")
                .put("precompiled_charsmap", Base64.getEncoder().encodeToString(map.array()));
        JSON.writeValue(folder.resolve("tokenizer.json"), json);
        try (Tokenizer sound = Tokenizer.load(folder)) {
            assertThat(sound.decode(sound.encode("cab"))).isEqualTo("cbb");
        }
    }

    private void refused(ObjectNode json, String message) {
        JSON.writeValue(folder.resolve("tokenizer.json"), json);
        assertThatThrownBy(() -> Tokenizer.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("tokenizer.json")
                .hasMessageContaining(message);
    }
}
