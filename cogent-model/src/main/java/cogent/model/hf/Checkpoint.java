package cogent.model.hf;

import cogent.data.InputException;
import cogent.model.tensor.DType;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The weights of a Hugging Face directory: {@code model.safetensors}, or shards with their index. */
public final class Checkpoint {
    public static final long SHARD_BYTES = 5_000_000_000L;

    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final Set<String> FLOATING = Set.of("F32", "F16", "BF16", "F64");
    private static final Pattern OTHER = Pattern.compile(".*\\.(bin|pt|pth|ckpt|pkl|onnx)");
    private static final Map<String, String> METADATA = Map.of("format", "pt");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Checkpoint() {}

    /**
     * Loads the weights that the config asks for; long-lived tensors, owned by the caller, which lie over the mapped
     * file where they are not made into others.
     *
     * @param prepared makes of a tensor as stored the one that is wanted
     * @throws InputException listing by name what is missing, superfluous or of another shape
     */
    public static SequencedMap<String, Tensor> load(
            Path directory, ModelConfig config, UnaryOperator<Tensor> prepared) {
        Map<String, Stored> found = whole(directory, config);
        SequencedMap<String, Tensor> weights = new LinkedHashMap<>();
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            for (String name : ParameterShapes.of(config).keySet()) {
                Stored stored = Objects.requireNonNull(found.get(name));
                weights.put(name, prepared.apply(stored.tensor()).retained());
                stored.unload(); // mostly copied, and the mapping would lie beside the copy until the heap is collected
            }
        }
        return weights;
    }

    /**
     * Looks at the headers of the files alone.
     *
     * @throws InputException where {@link #load} would throw it
     */
    public static void requireWhole(Path directory, ModelConfig config) {
        whole(directory, config);
    }

    private static Map<String, Stored> whole(Path directory, ModelConfig config) {
        SequencedMap<String, long[]> wanted = ParameterShapes.of(config);
        Map<String, Stored> found = config.linear().any() ? TextPart.weights(open(directory)) : open(directory);
        List<String> problems = new ArrayList<>();
        wanted.forEach((name, shape) -> {
            Stored stored = found.get(name);
            if (stored == null) {
                problems.add("missing " + name);
            } else if (!Arrays.equals(shape, stored.entry().shape())) {
                problems.add(
                        name + " is " + stored.entry().dims() + ", config.json asks for " + Arrays.toString(shape));
            } else if (!FLOATING.contains(stored.entry().dtype())) {
                problems.add(name + " is stored as " + stored.entry().dtype() + ": BF16, F16 or F32 is supported");
            }
        });
        for (String name : found.keySet()) {
            if (!wanted.containsKey(name) && !isHarmless(name, config)) {
                problems.add("superfluous " + name);
            }
        }
        if (config.tiedEmbeddings()
                && differ(found.get(ParameterShapes.EMBEDDING), found.get(ParameterShapes.OUTPUT))) {
            problems.add(ParameterShapes.OUTPUT + " differs from " + ParameterShapes.EMBEDDING
                    + ", and config.json ties them: set tie_word_embeddings to false to compute with both, or remove"
                    + " the one that is not meant");
        }
        if (!problems.isEmpty()) {
            int more = problems.size() - 12;
            throw new InputException(directory + " does not hold the weights of its config.json ("
                    + config.architecture() + "): "
                    + String.join("; ", problems.subList(0, Math.min(12, problems.size())))
                    + (more > 0 ? "; and " + more + " more" : ""));
        }
        return found;
    }

    /** Whether both are there, and are not the same bytes. */
    private static boolean differ(@Nullable Stored one, @Nullable Stored other) {
        return one != null
                && other != null
                && (!one.entry().dtype().equals(other.entry().dtype())
                        || one.file().bytes(one.entry()).mismatch(other.file().bytes(other.entry())) >= 0);
    }

    /** Buffers that old files carry, the copy of a tied output matrix, and Qwen3.5's layers that draft tokens. */
    private static boolean isHarmless(String name, ModelConfig config) {
        return name.endsWith(".rotary_emb.inv_freq")
                || (config.tiedEmbeddings() && name.equals(ParameterShapes.OUTPUT))
                || (config.linear().any() && name.startsWith("mtp."));
    }

    /** @param name that it has in its file */
    private record Stored(Safetensors file, String name, SafetensorsHeader.Entry entry) {
        void unload() {
            file.unload(entry);
        }

        Tensor tensor() {
            return file.tensor(name);
        }
    }

    private static Map<String, Stored> open(Path directory) {
        Map<String, Stored> found = new TreeMap<>();
        if (Files.isRegularFile(directory.resolve(SINGLE))) {
            Safetensors file = Safetensors.open(directory.resolve(SINGLE));
            file.entries().forEach((name, entry) -> found.put(name, new Stored(file, name, entry)));
            return found;
        }
        Path index = directory.resolve(INDEX);
        if (!Files.isRegularFile(index)) {
            throw new InputException(
                    "no weights in " + directory + ": neither " + SINGLE + " nor " + INDEX + others(directory));
        }
        Map<String, Safetensors> files = new TreeMap<>();
        for (var e : weightMap(index).properties()) {
            String shard = e.getValue().asString("");
            if (!shard.equals(Path.of(shard).getFileName().toString())) {
                throw new InputException(
                        index + ": " + e.getKey() + " lies in \"" + shard + "\", not a file beside it");
            }
            if (!Files.exists(directory.resolve(shard))) {
                throw new InputException(index + " names " + shard
                        + ", which is not beside it: the model is not whole; fetch that file too");
            }
            Safetensors file = files.computeIfAbsent(shard, name -> Safetensors.open(directory.resolve(name)));
            SafetensorsHeader.Entry entry = file.entries().get(e.getKey());
            if (entry == null) {
                throw new InputException(
                        index + " looks for " + e.getKey() + " in " + shard + ", which has no such tensor");
            }
            found.put(e.getKey(), new Stored(file, e.getKey(), entry));
        }
        files.forEach((shard, file) -> file.entries().forEach((name, entry) -> {
            if (!new Stored(file, name, entry).equals(found.get(name))) {
                throw new InputException(shard + " holds " + name + ", which " + index + " does not place there");
            }
        }));
        return found;
    }

    /** What lies there instead, for the message. */
    private static String others(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> OTHER.matcher(name).matches())
                    .sorted()
                    .findFirst()
                    .map(name -> ". " + name + " is not read: "
                            + (name.endsWith(".onnx")
                                    ? "it holds a graph to compute, not to train."
                                    : "pickled weights can run code.")
                            + " Take the safetensors from the"
                            + " model's page, or have transformers write them:"
                            + " AutoModelForCausalLM.from_pretrained(dir).save_pretrained(dir)")
                    .orElse("");
        } catch (IOException e) {
            throw InputException.unreadable(directory, e);
        }
    }

    private static JsonNode weightMap(Path index) {
        try {
            JsonNode map = JSON.readTree(Files.readString(index)).path("weight_map");
            if (!map.isObject()) {
                throw new InputException(index + " has no weight_map");
            }
            return map;
        } catch (JacksonException e) {
            throw new InputException(index + " is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw InputException.unreadable(index, e);
        }
    }

    /** Writes weights, in shards when they are larger than the limit. */
    public static void save(Path directory, SequencedMap<String, Tensor> weights, DType stored, long shardBytes)
            throws IOException {
        var shards = SafetensorsWriter.shards(weights, stored, shardBytes);
        if (shards.size() == 1) {
            SafetensorsWriter.write(directory.resolve(SINGLE), weights, stored, METADATA);
            return;
        }
        ObjectNode index = JSON.createObjectNode();
        long total = weights.values().stream().mapToLong(Tensor::numel).sum() * stored.bytes();
        index.putObject("metadata").put("total_size", total);
        ObjectNode map = index.putObject("weight_map");
        for (int i = 0; i < shards.size(); i++) {
            String name = String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
            SafetensorsWriter.write(directory.resolve(name), shards.get(i), stored, METADATA);
            shards.get(i).keySet().forEach(tensor -> map.put(tensor, name));
        }
        Files.writeString(
                directory.resolve(INDEX), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(index) + "\n");
    }
}
