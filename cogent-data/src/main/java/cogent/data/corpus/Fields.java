package cogent.data.corpus;

import cogent.data.InputException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The names of a corpus' fields, where the user states them; null means: recognise the layout.
 *
 * @param problem the field that holds the problem
 * @param rationale the field that holds the reasoning
 * @param answer the field that holds the reference answer
 * @param id the field that identifies a row
 */
public record Fields(
        @Nullable String problem,
        @Nullable String rationale,
        @Nullable String answer,
        @Nullable String id) {
    /** Every field is recognised by the names in common use. */
    public static final Fields RECOGNISED = new Fields(null, null, null, null);

    static final List<String> PROBLEM = List.of("problem", "question", "prompt", "instruction");
    /** Whole replies before bare solutions: where a row has both, the reply holds the reasoning. */
    static final List<String> RATIONALE =
            List.of("rationale", "reasoning", "generation", "response", "output", "solution");

    static final List<String> ANSWER = List.of("answer", "final_answer");

    /** The first of the fields that holds any text. */
    static Optional<String> text(ObjectNode fields, @Nullable String named, List<String> recognised) {
        return (named == null ? recognised : List.of(named))
                .stream()
                        .map(name -> text(fields.path(name)))
                        .filter(text -> !text.isBlank())
                        .findFirst();
    }

    /** A value as text: numbers without a needless {@code .0}, lists of values joined, anything else empty. */
    static String text(JsonNode value) {
        if (value.isString()) {
            return sound(value.asString());
        }
        if (value.isIntegralNumber() || value.isBoolean()) {
            return value.asString();
        }
        if (value.isNumber() && Double.isFinite(value.doubleValue())) {
            return BigDecimal.valueOf(value.doubleValue()).stripTrailingZeros().toPlainString();
        }
        if (value.isArray()) {
            return String.join(", ", value.valueStream().map(Fields::text).toList());
        }
        return "";
    }

    /** @throws InputException for half a surrogate pair, which no UTF-8 file can hold */
    private static String sound(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw new InputException("broken text: half of a surrogate pair (\\u%04x)".formatted((int) c));
                }
                i++;
            }
        }
        return text;
    }
}
