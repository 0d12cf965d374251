package cogent.model.gguf;

import static java.nio.charset.StandardCharsets.UTF_8;

import cogent.data.InputException;
import cogent.model.hf.ModelConfig;
import cogent.model.hf.ParameterShapes;
import cogent.model.hf.SafetensorsWriter;
import cogent.model.hf.SafetensorsWriter.Described;
import cogent.model.tensor.DType;
import cogent.model.text.Tokenizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.LongConsumer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A GGUF file as a Hugging Face directory: what llama.cpp, Ollama and LM Studio keep, for training. Quantised weights become
 * the single-precision numbers that ggml computes with, bit for bit; the rest stays as it is stored.
 */
public final class GgufImport {
    private static final int TOLD = 12;

    private final Gguf gguf;
    private final ModelConfig config;
    private final Architecture architecture;
    private final ObjectNode configJson;

    private GgufImport(Gguf gguf) {
        this.gguf = gguf;
        configJson = GgufConfig.of(gguf);
        architecture = Architecture.of(gguf);
        try {
            config = ModelConfig.of(configJson);
        } catch (InputException e) {
            throw new InputException(gguf.file() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Makes the directory. It is written beside the target and then takes its place.
     *
     * @param progress told of the bytes written so far
     * @throws InputException when the file is damaged, or not of a kind that is supported
     */
    public static void write(Path file, Path directory, LongConsumer progress) throws IOException {
        new GgufImport(Gguf.open(file)).write(directory, progress);
    }

    private void write(Path directory, LongConsumer progress) throws IOException {
        SequencedMap<String, Described> weights = weights();
        Path made = directory.resolveSibling(
                "." + directory.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
        remove(made);
        Files.createDirectories(made);
        try {
            json(made, "config.json", configJson);
            json(made, "tokenizer.json", GgufVocabulary.tokenizer(gguf));
            json(made, "tokenizer_config.json", GgufVocabulary.config(gguf));
            json(made, "generation_config.json", GgufVocabulary.generation(gguf));
            checkTokenizer(made);
            long[] written = {0};
            SafetensorsWriter.write(
                    made.resolve("model.safetensors"), weights, Map.of("format", "pt"), (name, channel) -> {
                        Described weight = Objects.requireNonNull(weights.get(name));
                        values(name, weight.shape(), channel);
                        written[0] += weight.bytes();
                        progress.accept(written[0]);
                    });
            Files.move(made, directory, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            remove(made);
        }
    }

    private void checkTokenizer(Path made) {
        try (Tokenizer tokenizer = Tokenizer.load(made)) {
            if (tokenizer.vocabSize() > config.vocabSize()) {
                throw new InputException(gguf.file() + ": " + tokenizer.vocabSize() + " tokens for an embedding of "
                        + config.vocabSize() + " rows");
            }
        } catch (InputException e) {
            throw new InputException( // the folder that it names is gone when this is read
                    String.valueOf(e.getMessage())
                            .replace(made.resolve("tokenizer.json").toString(), gguf.file() + ": its tokenizer"),
                    e);
        }
    }

    /** The weights that the config asks for, by Hugging Face's names, all of them there and of the right shape. */
    private SequencedMap<String, Described> weights() {
        SequencedMap<String, Described> weights = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        Set<String> rest = new HashSet<>(gguf.tensors().keySet());
        rest.removeAll(GgufConfig.FACTORS);
        rest.removeIf(this::predictsAhead);
        ParameterShapes.of(config).forEach((name, shape) -> {
            Place place = Place.of(name, config, architecture);
            Gguf.Entry entry = gguf.tensors().get(place.name());
            rest.remove(place.name());
            long[] wanted =
                    place.stacked() ? new long[] {config.experts().count(), shape[0], shape[1]} : Place.shape(shape);
            if (entry == null) {
                problems.add("missing " + place.name());
            } else if (!Arrays.equals(wanted, entry.shape())) {
                problems.add(place.name() + " is " + Arrays.toString(entry.shape()) + ", the metadata asks for "
                        + Arrays.toString(wanted));
            } else {
                weights.put(name, new Described(entry.type().plain(), shape));
            }
        });
        rest.stream().sorted().forEach(name -> problems.add("superfluous " + name));
        if (!problems.isEmpty()) {
            int more = problems.size() - TOLD;
            throw new InputException(gguf.file() + " does not hold the weights of a "
                    + config.architecture() + " as its metadata describes it: "
                    + String.join("; ", problems.subList(0, Math.min(TOLD, problems.size())))
                    + (more > 0 ? "; and " + more + " more" : ""));
        }
        return weights;
    }

    /** Of a layer behind the last, with which llama.cpp guesses more than one token. */
    private boolean predictsAhead(String tensor) {
        String[] words = tensor.split("\\.", 3);
        return words[0].equals("blk")
                && words[1].matches("\\d{1,6}")
                && Integer.parseInt(words[1]) >= config.layers()
                && gguf.whole(architecture.key(Keys.AHEAD)).orElse(0L) > 0;
    }

    private void values(String name, long[] shape, WritableByteChannel channel) throws IOException {
        Place place = Place.of(name, config, architecture);
        Gguf.Entry entry = Objects.requireNonNull(gguf.tensors().get(place.name()));
        boolean vector = shape.length == 1;
        long rows = vector ? 1 : shape[0];
        long first = place.stacked() ? place.part() * rows : 0;
        int[] there = place.rows().back();
        for (int row = 0; row < rows; row++) {
            long at = first + (vector || there.length == 0 ? row : there[row]);
            float[] values = entry.type().dequantised(entry.row(at), Math.toIntExact(entry.columns()));
            float[] here = place.here(vector ? place.rows().back(values) : values);
            requireFinite(place, at, here);
            write(channel, entry.type().plain(), here);
        }
    }

    /** Nothing can be trained on what a damaged scale makes of a block. */
    private void requireFinite(Place place, long row, float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new InputException(gguf.file() + ": " + place.name() + " holds " + value + " in row " + row
                        + ": the file is damaged. Fetch it again");
            }
        }
    }

    private static void write(WritableByteChannel channel, DType type, float[] values) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(type.bytes() * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            switch (type) {
                case F16 -> bytes.putShort(Float.floatToFloat16(value));
                case BF16 -> bytes.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
                default -> bytes.putFloat(value);
            }
        }
        drain(channel, bytes.flip());
    }

    private static void drain(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static void json(Path directory, String name, ObjectNode json) throws IOException {
        Files.write(
                directory.resolve(name),
                JsonMapper.shared()
                        .writerWithDefaultPrettyPrinter()
                        .writeValueAsString(json)
                        .getBytes(UTF_8));
    }

    private static void remove(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            try (var files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(directory);
        }
    }
}
