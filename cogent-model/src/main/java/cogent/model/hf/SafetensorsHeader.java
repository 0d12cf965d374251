package cogent.model.hf;

import cogent.data.InputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The checked header of a safetensors file.
 *
 * @param entries in the order of their bytes, which they cover without overlap or hole
 */
record SafetensorsHeader(SequencedMap<String, Entry> entries, Map<String, String> metadata) {
    static final long MAX_BYTES = 100_000_000;

    private static final Map<String, Integer> BITS = Map.ofEntries(
            Map.entry("F64", 64),
            Map.entry("I64", 64),
            Map.entry("U64", 64),
            Map.entry("C64", 64),
            Map.entry("F32", 32),
            Map.entry("I32", 32),
            Map.entry("U32", 32),
            Map.entry("F16", 16),
            Map.entry("BF16", 16),
            Map.entry("I16", 16),
            Map.entry("U16", 16),
            Map.entry("F8_E4M3", 8),
            Map.entry("F8_E5M2", 8),
            Map.entry("F8_E8M0", 8),
            Map.entry("I8", 8),
            Map.entry("U8", 8),
            Map.entry("BOOL", 8),
            Map.entry("F4", 4));

    private static final Set<String> KEYS = Set.of("dtype", "shape", "data_offsets");

    private static final JsonMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(tools.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * One tensor.
     *
     * @param dtype the format's own name, such as {@code BF16}
     * @param begin first byte, counted from the end of the header
     * @param end the byte after the last
     */
    public record Entry(String dtype, List<Long> dims, long begin, long end) {
        public long[] shape() {
            return dims.stream().mapToLong(Long::longValue).toArray();
        }

        public long bytes() {
            return end - begin;
        }
    }

    /**
     * @param dataBytes how many bytes follow the header
     * @throws InputException naming the tensor and what is wrong with it
     */
    static SafetensorsHeader parse(byte[] json, long dataBytes) {
        if (json[0] != '{') {
            throw new InputException("the header does not begin with '{': this is not safetensors");
        }
        JsonNode root;
        try {
            root = STRICT.readTree(json);
        } catch (JacksonException e) {
            throw new InputException("the header is not JSON: " + e.getOriginalMessage(), e);
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        List<Map.Entry<String, Entry>> found = new ArrayList<>();
        for (var field : root.properties()) {
            if (field.getKey().equals("__metadata__")) {
                metadata.putAll(metadata(field.getValue()));
            } else {
                found.add(Map.entry(field.getKey(), entry(field.getKey(), field.getValue())));
            }
        }
        found.sort(Comparator.comparingLong(
                        (Map.Entry<String, Entry> e) -> e.getValue().begin())
                .thenComparingLong(e -> e.getValue().end()));
        SequencedMap<String, Entry> entries = new LinkedHashMap<>();
        long at = 0;
        for (var e : found) {
            Entry entry = e.getValue();
            if (entry.begin() != at) {
                throw new InputException("%s begins at byte %d, where %d %s: %s"
                        .formatted(
                                e.getKey(),
                                entry.begin(),
                                at,
                                "was expected",
                                entry.begin() < at ? "tensors overlap" : "bytes that no tensor owns"));
            }
            at = entry.end();
            entries.put(e.getKey(), entry);
        }
        if (at != dataBytes) {
            throw new InputException("the tensors have %d bytes, the file %d: it is cut off or has bytes to spare"
                    .formatted(at, dataBytes));
        }
        return new SafetensorsHeader(Collections.unmodifiableSequencedMap(entries), Map.copyOf(metadata));
    }

    private static Map<String, String> metadata(JsonNode node) {
        Map<String, String> metadata = new LinkedHashMap<>();
        if (!node.isObject()) {
            throw new InputException("__metadata__ is not an object");
        }
        for (var field : node.properties()) {
            if (!field.getValue().isString()) {
                throw new InputException("__metadata__." + field.getKey() + " is not text");
            }
            metadata.put(field.getKey(), field.getValue().asString());
        }
        return metadata;
    }

    private static Entry entry(String name, JsonNode node) {
        if (!node.isObject() || !KEYS.equals(Set.copyOf(node.propertyNames()))) {
            throw new InputException(name + " must have dtype, shape and data_offsets and nothing else");
        }
        JsonNode dtype = node.get("dtype");
        Integer bits = dtype.isString() ? BITS.get(dtype.asString()) : null;
        if (bits == null) {
            throw new InputException(name + " has the unknown dtype " + dtype);
        }
        List<Long> shape = counts(name + " shape", node.get("shape"));
        List<Long> offsets = counts(name + " data_offsets", node.get("data_offsets"));
        if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
            throw new InputException(name + " data_offsets " + offsets + " are not [begin, end]");
        }
        Entry entry = new Entry(dtype.asString(), shape, offsets.get(0), offsets.get(1));
        try {
            long wanted = bits;
            for (long n : shape) {
                wanted = Math.multiplyExact(wanted, n);
            }
            if (wanted % 8 != 0 || wanted / 8 != entry.bytes()) {
                throw new InputException("%s: %s %s needs %d bytes and has %d"
                        .formatted(name, entry.dtype(), shape, wanted / 8, entry.bytes()));
            }
        } catch (ArithmeticException e) {
            throw new InputException(name + ": the shape " + shape + " is larger than any file", e);
        }
        return entry;
    }

    private static List<Long> counts(String what, JsonNode node) {
        if (!node.isArray()) {
            throw new InputException(what + " is not a list: " + node);
        }
        List<Long> counts = new ArrayList<>();
        for (JsonNode n : node) {
            if (!n.isIntegralNumber() || !n.canConvertToLong() || n.asLong() < 0) {
                throw new InputException(what + " has an entry that is no count: " + n);
            }
            counts.add(n.asLong());
        }
        return List.copyOf(counts);
    }
}
