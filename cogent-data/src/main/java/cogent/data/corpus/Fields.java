package cogent.data.corpus;

import cogent.data.InputException;
import cogent.data.Surrogates;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    /** A conversation: of chat, ShareGPT, and LMSYS. */
    public static final List<String> CONVERSATION = List.of("messages", "conversations", "conversation");

    static final List<String> PROBLEM = List.of("problem", "question", "prompt", "instruction", "query", "input");

    /** Whole replies before bare solutions: where a row has both, the reply holds the reasoning. */
    static final List<String> REPLY = List.of(
            "rationale",
            "generation",
            "response",
            "completion",
            "output",
            "generated_solution",
            "llm_response",
            "model_answer",
            "attempt",
            "solution");

    /** The same, several to a row. */
    static final List<String> REPLIES =
            List.of("rationales", "generations", "responses", "outputs", "solutions", "completions");

    static final List<String> RATIONALE =
            List.of("rationale", "reasoning", "generation", "response", "completion", "output", "solution");

    static final List<String> ANSWER =
            List.of("answer", "final_answer", "expected_answer", "reference_answer", "ground_truth");

    private static final Set<String> KNOWN = Stream.of(
                    PROBLEM, REPLY, REPLIES, RATIONALE, ANSWER, List.of("id", "body"))
            .flatMap(List::stream)
            .collect(Collectors.toUnmodifiableSet());

    /** The name of the field that asks, where a row has one in common use. */
    public static Optional<String> question(JsonNode row) {
        return PROBLEM.stream().filter(name -> has(row, name)).findFirst();
    }

    /** The name of the field that replies to it. A {@code solution} or {@code answer} of one word is a result, and no reply. */
    public static Optional<String> reply(JsonNode row) {
        return Stream.concat(REPLY.stream(), Stream.of("answer"))
                .filter(name -> has(row, name))
                .filter(name -> !List.of("solution", "answer").contains(name)
                        || row.path(name).asString("").strip().matches("(?s).*\\s.*"))
                .findFirst();
    }

    /** Whether a field of this name is recognised. */
    static boolean isKnown(String name) {
        return KNOWN.contains(name);
    }

    /** Whether the user has stated this name. */
    boolean states(String name) {
        return Stream.of(problem, rationale, answer, id).anyMatch(name::equals);
    }

    /** The first of the fields that holds any text. */
    static Optional<String> text(ObjectNode fields, @Nullable String named, List<String> recognised) {
        return (named == null ? recognised : List.of(named))
                .stream()
                        .map(name -> text(fields.path(name)))
                        .filter(text -> !text.isBlank())
                        .findFirst();
    }

    /**
     * The text of a field, or an empty one.
     *
     * @throws InputException when the field holds something, and no text
     */
    public static String only(JsonNode fields, String name) {
        JsonNode value = fields.path(name);
        String text = text(value);
        if (text.isBlank() && has(fields, name)) {
            throw new InputException("the field \"" + name + "\" cannot be read: "
                    + value.getNodeType().name().toLowerCase(Locale.ROOT));
        }
        return text;
    }

    /** A value as text: numbers without a needless {@code .0}, lists of values joined, anything else empty. */
    static String text(JsonNode value) {
        if (value.isString()) {
            return Surrogates.whole(value.asString());
        }
        if (value.isIntegralNumber() || value.isBoolean()) {
            return value.asString();
        }
        if (value.isNumber() && Double.isFinite(value.doubleValue())) {
            return BigDecimal.valueOf(value.doubleValue()).stripTrailingZeros().toPlainString();
        }
        if (value.isArray() && value.valueStream().allMatch(Fields::isReadable)) {
            return String.join(", ", value.valueStream().map(Fields::text).toList());
        }
        return "";
    }

    /** Whether there is a value that {@link #text} can tell. */
    static boolean isReadable(JsonNode value) {
        return value.isString()
                || value.isBoolean()
                || (value.isNumber() && Double.isFinite(value.doubleValue()))
                || (value.isArray() && value.valueStream().allMatch(Fields::isReadable));
    }

    /** Whether the field says anything at all. */
    public static boolean has(JsonNode fields, String name) {
        JsonNode value = fields.path(name);
        return !value.isMissingNode()
                && !value.isNull()
                && !(value.isContainer() && value.isEmpty())
                && !(value.isString() && value.asString().isBlank());
    }
}
