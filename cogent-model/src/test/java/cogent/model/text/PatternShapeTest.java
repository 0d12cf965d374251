package cogent.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatternShapeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a*",
                "a?",
                "a{0,3}",
                "a{,3}",
                "a|",
                "(?=日)",
                "(?!a(b)[)])",
                "\\b",
                "\\K",
                "^",
                "$",
                "(?i)",
                "(?#c)",
                "(?<!a)",
                "(a*|b+)c?",
                "(?>a*)",
                "a*+",
                "(?~x)",
                "[a]?[]b]*",
                "(a)?\\1",
                "(?<n>a?)\\k<n>",
                "(?<=a?)"
            })
    void what_can_match_nothing_is_told(String pattern) {
        assertThat(PatternShape.of(pattern).empty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a+",
                "^a",
                "a(?=b)",
                "(?<=a)",
                "[*]",
                "\\*",
                "\\p{L}",
                "\\x{65E5}",
                "(?:a|b)+",
                "a{2}",
                "{,}",
                "[]]",
                "[[a]*]",
                "(?<n>a)",
                " {2,}",
                "(?i:a)",
                "\\[a*\\]"
            })
    void what_needs_a_character_is_none_of_them(String pattern) {
        assertThat(PatternShape.of(pattern).empty()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a+)+",
                "(a*)*c",
                "(?:a+b?)+",
                "(?:\\s*\\w+)*$",
                "(a|b*)+",
                "((ab)+)+",
                "(a|a)*b",
                "(?<x>a\\g<x>?)",
                "(a{2,}){3,}",
                "(?:(?:a+)+b)?",
                "[^\\s]+|(?:\\d+){1,}"
            })
    void what_can_be_matched_in_too_many_ways_is_told(String pattern) {
        assertThat(PatternShape.of(pattern).explosive()).isTrue();
    }

    /** The patterns of GPT-2, Llama 3, Qwen, o200k, DeepSeek, Bloom and Falcon, and of scripts with marks. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
                "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "\\d{1,3}(?=(?:\\d{3})*\\b)",
                "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*",
                " ?[^(\\s|[.,!?…。，、।۔،])]+",
                "[0-9][0-9][0-9]",
                "(?:\\p{L}\\p{M}*)+",
                "(?:\\r?\\n)+",
                "(?>a+)+",
                "(a++)+",
                "(?:,\\w+)*"
            })
    void the_patterns_of_real_tokenizers_are_none_of_them(String pattern) {
        assertThat(PatternShape.of(pattern).explosive()).isFalse();
    }
}
