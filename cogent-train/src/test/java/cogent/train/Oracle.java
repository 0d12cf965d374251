package cogent.train;

import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What tools/oracles/training.py computed, and the checkpoints of tools/oracles/families.py that it computed it on. */
public final class Oracle {
    public static final JsonMapper JSON = JsonMapper.builder().build();

    private Oracle() {}

    /** A file or directory of training.py. */
    public static Path of(String name) {
        return Path.of("src/test/resources/oracle").resolve(name);
    }

    /** A checkpoint with what is expected of it. */
    public static Path family(String name) {
        return Path.of("../cogent-model/src/test/resources/families").resolve(name);
    }

    public static JsonNode json(Path file) {
        return JSON.readTree(file.toFile());
    }

    public static double[] doubles(JsonNode array) {
        return array.valueStream().mapToDouble(JsonNode::asDouble).toArray();
    }

    public static int[] ints(JsonNode array) {
        return array.valueStream().mapToInt(JsonNode::asInt).toArray();
    }
}
