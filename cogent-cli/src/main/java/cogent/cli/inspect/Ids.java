package cogent.cli.inspect;

import cogent.data.InputException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Token ids in a JSON row. */
final class Ids {
    private Ids() {}

    /** @throws InputException when the field is not a list of whole numbers */
    static int[] of(ObjectNode row, String field) {
        JsonNode ids = row.get(field);
        if (ids == null
                || !ids.isArray()
                || !ids.valueStream().allMatch(id -> id.isIntegralNumber() && id.canConvertToInt())) {
            throw new InputException("\"" + field + "\" is not a list of token ids");
        }
        return ids.valueStream().mapToInt(JsonNode::asInt).toArray();
    }
}
