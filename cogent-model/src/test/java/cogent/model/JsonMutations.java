package cogent.model;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Damages a JSON document by chance: a value goes, is doubled, is put elsewhere, or becomes one that bites. */
public final class JsonMutations {
    private static final List<JsonNode> BITING = List.of(
                    "null",
                    "true",
                    "0",
                    "-1",
                    "1",
                    "0.5",
                    "1e309",
                    "-1e-320",
                    "2147483648",
                    "9223372036854775807",
                    "16777216",
                    "\"\"",
                    "\" \"",
                    "\"\\u0000\"",
                    "\"\\ud800\"",
                    "\"1\"",
                    "\"##\"",
                    "[]",
                    "{}",
                    "[[[]]]",
                    "[null]",
                    "[\"a\",\"b\"]",
                    "{\"type\":\"x\"}",
                    "\"" + "x".repeat(5000) + "\"")
            .stream()
            .map(JsonMapper.shared()::readTree)
            .toList();

    private static final ObjectWriter ASCII = JsonMapper.shared().writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

    private final SplittableRandom random;

    public JsonMutations(SplittableRandom random) {
        this.random = random;
    }

    /** In ASCII, so that halves of characters survive as escapes. */
    public static String text(JsonNode json) {
        return ASCII.writeValueAsString(json);
    }

    /** The same document with one to four damages. */
    public String of(JsonNode sound) {
        JsonNode json = sound.deepCopy();
        for (int i = random.nextInt(4); i >= 0; i--) {
            damage(json);
        }
        return text(json);
    }

    private void damage(JsonNode json) {
        List<JsonNode> containers = new ArrayList<>();
        collect(json, containers);
        JsonNode at = containers.get(random.nextInt(containers.size()));
        JsonNode chosen = random.nextInt(4) == 0
                ? containers.get(random.nextInt(containers.size()))
                : BITING.get(random.nextInt(BITING.size()));
        JsonNode value = chosen.deepCopy();
        if (at instanceof ObjectNode object && !object.isEmpty()) {
            String key = new ArrayList<>(object.propertyNames()).get(random.nextInt(object.size()));
            switch (random.nextInt(4)) {
                case 0 -> object.remove(key);
                case 1 -> object.set("x", value);
                default -> object.set(key, value);
            }
        } else if (at instanceof ArrayNode array && !array.isEmpty()) {
            int place = random.nextInt(array.size());
            switch (random.nextInt(4)) {
                case 0 -> array.remove(place);
                case 1 ->
                    array.insert(place, array.get(random.nextInt(array.size())).deepCopy());
                default -> array.set(place, value);
            }
        }
    }

    /** Large lists, such as a vocabulary, count as one place: else all damage would be there. */
    private static void collect(JsonNode at, List<JsonNode> containers) {
        if (at.isContainer()) {
            containers.add(at);
            at.valueStream().limit(12).forEach(one -> collect(one, containers));
        }
    }
}
