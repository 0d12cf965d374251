package cogent.model.text;

import cogent.data.InputException;
import cogent.data.Surrogates;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What the native library (tokenizers 0.21) does not check and would end the whole process on: a panic in it is no
 * exception here. Every case was provoked; NativeLimitsTest keeps them.
 */
final class NativeLimits {
    private static final Set<String> TYPES = Set.of(
            "Sequence",
            "ByteLevel",
            "Replace",
            "Strip",
            "Metaspace", // of several parts
            "BertNormalizer",
            "StripAccents",
            "NFC",
            "NFD",
            "NFKC",
            "NFKD",
            "Lowercase",
            "Nmt",
            "Precompiled",
            "Prepend",
            "BertPreTokenizer",
            "CharDelimiterSplit",
            "Whitespace",
            "Split",
            "Punctuation",
            "WhitespaceSplit",
            "Digits",
            "UnicodeScripts",
            "FixedLength",
            "RobertaProcessing",
            "BertProcessing",
            "TemplateProcessing",
            "BPEDecoder",
            "WordPiece",
            "CTC",
            "Fuse",
            "ByteFallback");
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Z}\\p{C}\\p{M}]*");
    private static final List<String> INVISIBLE_GOES =
            List.of("BertNormalizer", "Strip", "StripAccents", "Nmt", "Precompiled");

    private NativeLimits() {}

    /**
     * Refuses a {@code tokenizer.json} before the library sees it.
     *
     * @throws InputException naming the part and what is wrong with it
     */
    static void require(Path file, Vocabulary vocabulary) {
        try {
            if (!vocabulary.subwordPrefix().isEmpty()) {
                requireMergesHold(
                        vocabulary.subwordPrefix(), SpecialTokens.json(file).path("model"));
            }
            JsonNode normalizer = vocabulary.parts().get("normalizer");
            if (normalizer != null) {
                vocabulary.normalized().forEach(token -> requireSomethingLeft(token, normalizer));
            }
            vocabulary.parts().forEach((name, part) -> {
                Surrogates.whole(part.toString());
                if (!part.isNull()) {
                    requireType(name, part);
                }
                requireSound(name, part);
                if (name.equals("post_processor")) {
                    each(part, "TemplateProcessing").forEach(NativeLimits::requireKnownPieces);
                    requireTemplateFirst(part);
                }
            });
        } catch (InputException e) {
            throw new InputException(file + " is not a tokenizer that can be loaded: " + e.getMessage(), e);
        }
    }

    /** BPE cuts as many bytes off the second part of a merge as its prefix has. */
    private static void requireMergesHold(String prefix, JsonNode model) {
        if (!model.path("type").asString("BPE").equals("BPE")) {
            return;
        }
        for (JsonNode merge : model.path("merges")) {
            String second = merge.isArray()
                    ? merge.path(1).asString("")
                    : merge.asString("").substring(merge.asString("").indexOf(' ') + 1);
            if (!second.startsWith(prefix)) {
                throw new InputException(
                        "the merge " + merge + " does not continue a word: its second part does not begin"
                                + " with the continuing_subword_prefix \"" + prefix + "\"");
            }
        }
    }

    private static void requireSound(String name, JsonNode part) {
        each(part, "Strip")
                .filter(_ -> name.equals("decoder"))
                .filter(strip -> strip.path("stop").asInt(0) > 0)
                .forEach(_ -> {
                    throw new InputException("decoder Strip with a stop above 0 fails on tokens shorter than that");
                });
        each(part, "FixedLength")
                .filter(fixed -> fixed.path("length").asInt(5) == 0)
                .forEach(_ -> {
                    throw new InputException(name + " FixedLength has length 0");
                });
        if (name.equals("normalizer")) {
            each(part, "Replace").forEach(NativeLimits::requireSomethingReplaced);
            each(part, "Prepend")
                    .filter(it -> it.path("prepend").asString("").isEmpty())
                    .forEach(_ -> {
                        throw new InputException("normalizer Prepend has nothing to prepend");
                    });
        }
        Stream.concat(each(part, "Split"), each(part, "Replace")).forEach(it -> requireTold(name, it));
        each(part, "Precompiled").forEach(map -> Charsmap.require(map.path("precompiled_charsmap")));
    }

    /** What has no type is taken by the library for whatever has the same fields, past all that is looked for here. */
    private static void requireType(String name, JsonNode part) {
        String type = part.path("type").asString("");
        if (!TYPES.contains(type)) {
            throw new InputException(name + " has a part of no known type: " + part.path("type"));
        }
        inner(part).forEach(one -> requireType(name, one));
    }

    /** An added token of which normalising leaves nothing would be found in the middle of a character. */
    private static void requireSomethingLeft(String token, JsonNode normalizer) {
        boolean invisibleGoes = INVISIBLE_GOES.stream()
                .anyMatch(type -> each(normalizer, type).findAny().isPresent());
        if (invisibleGoes && INVISIBLE.matcher(token).matches()) {
            throw new InputException("the added token " + JsonNodeFactory.instance.stringNode(token)
                    + " is looked for in normalised text, and normalizing leaves nothing of it");
        }
    }

    /** The library ends the process where a text could be matched in more than ten million ways. */
    private static void requireTold(String name, JsonNode part) {
        String regex = part.path("pattern").path("Regex").asString("");
        if (PatternShape.of(regex).explosive() || Backtracking.isQuadratic(regex)) {
            throw new InputException(
                    name + " has a pattern that some texts match in too many ways to be tried: " + regex);
        }
    }

    /** A replacement of nothing at the beginning of a text. */
    private static void requireSomethingReplaced(JsonNode replace) {
        JsonNode pattern = replace.path("pattern");
        String regex = pattern.path("Regex").asString("");
        if (regex.isEmpty()
                ? pattern.path("String").asString("").isEmpty()
                : PatternShape.of(regex).empty()) {
            throw new InputException("normalizer Replace has a pattern that matches the empty text: " + pattern);
        }
    }

    /** A template may name only special tokens that it defines, and for one text only the first sequence. */
    private static void requireKnownPieces(JsonNode template) {
        for (String kind : new String[] {"single", "pair"}) {
            for (JsonNode piece : template.path(kind)) {
                JsonNode special = piece.path("SpecialToken").path("id");
                if (special.isString() && !template.path("special_tokens").has(special.asString())) {
                    throw new InputException("post_processor: " + kind + " names the special token "
                            + special.asString() + ", which special_tokens does not define");
                }
            }
        }
        for (JsonNode piece : template.path("single")) {
            if (piece.path("Sequence").path("id").asString("A").equals("B")) {
                throw new InputException("post_processor: single names sequence B, and there is only one");
            }
        }
    }

    /** A template takes one text or two, and not the pieces that another step has made of them. */
    private static void requireTemplateFirst(JsonNode processor) {
        List<String> steps = types(processor).toList();
        int last = steps.lastIndexOf("TemplateProcessing");
        if (!steps.subList(0, Math.max(0, last)).stream().allMatch("ByteLevel"::equals)) {
            throw new InputException("post_processor: TemplateProcessing comes after " + steps.subList(0, last)
                    + "; only ByteLevel may stand before it");
        }
    }

    private static Stream<String> types(JsonNode processor) {
        return processor.path("type").asString("").equals("Sequence")
                ? inner(processor).flatMap(NativeLimits::types)
                : Stream.of(processor.path("type").asString(""));
    }

    /** What a Sequence holds. */
    private static Stream<JsonNode> inner(JsonNode part) {
        return Stream.of("normalizers", "pretokenizers", "processors", "decoders")
                .flatMap(key -> part.path(key).valueStream());
    }

    /** The part itself and those that a Sequence holds, of one type. */
    private static Stream<JsonNode> each(JsonNode part, String type) {
        Stream<JsonNode> inner = inner(part).flatMap(one -> each(one, type));
        return part.path("type").asString("").equals(type) ? Stream.concat(Stream.of(part), inner) : inner;
    }
}
