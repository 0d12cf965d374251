package cogent.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The numerical oracles beside the checkout, where they are present; see their README. */
public final class SharedOracle {
    public static final JsonMapper JSON = JsonMapper.builder().build();

    private SharedOracle() {}

    public static Optional<Path> find() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path oracle = at.resolve("shared/oracle");
            if (Files.isDirectory(oracle)) {
                return Optional.of(oracle);
            }
        }
        return Optional.empty();
    }

    public static boolean isPresent() {
        return find().isPresent();
    }

    public static Path of(String fixture) {
        return find().orElseThrow().resolve(fixture);
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
