package cogent.data.file;

import cogent.data.InputException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NumericNode;
import tools.jackson.databind.util.TokenBuffer;

/** JSON as rows are read: strict, a name twice in an object is an error. */
final class RowJson {
    static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** For the elements of an array: what one of them has of these faults is told when it has been read to its end. */
    static final JsonMapper ELEMENTS = JsonMapper.builder(JsonFactory.builder()
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private RowJson() {}

    /**
     * @throws JacksonException when a name stands twice in an object
     * @throws InputException when a number is none
     */
    static JsonNode tree(TokenBuffer element) {
        JsonNode tree = ELEMENTS.readTree(element.asParser());
        refuseNoNumber(tree);
        return tree;
    }

    private static void refuseNoNumber(JsonNode node) {
        if (node instanceof NumericNode number && number.isNaN()) { // infinities too
            throw new InputException(node.asString() + " is no JSON number");
        }
        node.forEach(RowJson::refuseNoNumber);
    }

    /** What is wrong with a text, in one short line. */
    static String describe(JacksonException e) {
        String message = String.valueOf(e.getOriginalMessage())
                .lines()
                .findFirst()
                .orElse("")
                .replaceFirst(" \\(start marker at \\[Source:.*", "") // these speak of Jackson's settings
                .replaceFirst(", from `[^`]*`", "")
                .replaceFirst(
                        "^Unexpected end-of-input: expected close marker for Object.*",
                        "the object does not end in its line: rows are objects of one line each, or one array of objects")
                .replaceFirst("^Trailing token .*", "more than one value in a line")
                .replaceFirst("^Non-standard token '(.*?)': enable .*", "$1 is no JSON number");
        String shortened = message.length() > 160 ? message.substring(0, 160) + "…" : message;
        return e.getLocation() == null
                ? shortened
                : shortened + " at column " + e.getLocation().getColumnNr();
    }
}
