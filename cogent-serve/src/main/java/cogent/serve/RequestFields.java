package cogent.serve;

import cogent.llm.openai.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The fields of a request's body, read by name and type. A field that is wrong is told by its name; null counts as absent.
 *
 * @param within where the object stands in the body, such as {@code stream_options.}; empty for the body itself
 */
record RequestFields(JsonNode object, String within) {
    /** @throws BadRequest when the body is no object */
    static RequestFields of(JsonNode body) {
        if (!body.isObject()) {
            throw new BadRequest(400, "invalid_request_error", null, "the body must be a JSON object");
        }
        return new RequestFields(body, "");
    }

    /**
     * Refuses every field that is neither read nor at a value that changes nothing.
     *
     * @param neutral the values that change nothing by field; an empty list stands for any value
     */
    void requireServed(Set<String> read, Map<String, List<JsonNode>> neutral) {
        object.properties().forEach(field -> {
            String name = field.getKey();
            if (read.contains(name) || field.getValue().isNull()) {
                return;
            }
            List<JsonNode> harmless = neutral.get(name);
            if (harmless == null) {
                throw wrong(name, "is not known here: leave it out");
            }
            if (!harmless.isEmpty() && harmless.stream().noneMatch(value -> same(value, field.getValue()))) {
                throw wrong(
                        name,
                        "is not served here, only its neutral value "
                                + String.join(
                                        " or ",
                                        harmless.stream()
                                                .map(JsonNode::toString)
                                                .toList()) + ": leave it out");
            }
        });
    }

    private static boolean same(JsonNode neutral, JsonNode value) {
        boolean numbers = neutral.isNumber() && value.isNumber();
        if (neutral.isObject() && neutral.isEmpty()) { // of a map of biases: all of them 0
            return value.isObject() && value.valueStream().allMatch(one -> one.isNumber() && one.asDouble() == 0);
        }
        return numbers ? neutral.asDouble() == value.asDouble() : neutral.equals(value);
    }

    BadRequest wrong(String field, String message) {
        return BadRequest.field(within + Wire.line(field), message);
    }

    boolean has(String field) {
        return object.hasNonNull(field);
    }

    JsonNode value(String field) {
        return object.path(field);
    }

    /** An object in the object; empty where it is absent. */
    RequestFields inner(String field) {
        JsonNode value = object.path(field);
        if (has(field) && !value.isObject()) {
            throw wrong(field, "must be an object");
        }
        return new RequestFields(has(field) ? value : Wire.JSON.createObjectNode(), within + field + ".");
    }

    @Nullable
    String text(String field) {
        if (!has(field)) {
            return null;
        }
        if (!value(field).isString()) {
            throw wrong(field, "must be a text");
        }
        return value(field).asString();
    }

    boolean flag(String field) {
        if (has(field) && !value(field).isBoolean()) {
            throw wrong(field, "must be true or false");
        }
        return value(field).asBoolean(false);
    }

    @Nullable
    Double number(String field) {
        if (!has(field)) {
            return null;
        }
        if (!value(field).isNumber() || !Double.isFinite(value(field).asDouble())) {
            throw wrong(field, "must be a number");
        }
        return value(field).asDouble();
    }

    /** @param range that the number must be in, told as {@code must} */
    @Nullable
    Double number(String field, DoublePredicate range, String must) {
        Double value = number(field);
        if (value != null && !range.test(value)) {
            throw wrong(field, must);
        }
        return value;
    }

    @Nullable
    Long whole(String field, long least, long most) {
        if (!has(field)) {
            return null;
        }
        JsonNode value = value(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < least || value.asLong() > most) {
            throw wrong(field, "must be a whole number from " + least + " to " + most);
        }
        return value.asLong();
    }

    int whole(String field, int least, int most, int absent) {
        Long value = whole(field, least, most);
        return value == null ? absent : Math.toIntExact(value);
    }

    /** A text or a list of texts, none empty. */
    List<String> texts(String field, int most) {
        List<String> texts = new ArrayList<>();
        JsonNode value = value(field);
        for (JsonNode one : value.isArray() ? value : has(field) ? List.of(value) : List.<JsonNode>of()) {
            if (!one.isString() || one.asString().isEmpty() || texts.size() == most) {
                throw wrong(field, "must be a text or a list of at most " + most + " texts, none empty");
            }
            texts.add(one.asString());
        }
        return texts;
    }
}
