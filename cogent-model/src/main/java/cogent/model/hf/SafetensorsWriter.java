package cogent.model.hf;

import cogent.model.tensor.DType;
import cogent.model.tensor.Memory;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes safetensors files. */
public final class SafetensorsWriter {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * A tensor to be written.
     *
     * @param stored its element type in the file
     */
    @SuppressWarnings("ArrayRecordComponent") // shapes are arrays everywhere here, and nobody compares two of these
    public record Described(DType stored, long[] shape) {
        public long bytes() {
            return Arrays.stream(shape).reduce(stored.bytes(), Math::multiplyExact);
        }
    }

    /** Writes the bytes of a tensor, little-endian, in row-major order. */
    @FunctionalInterface
    public interface Values {
        void write(String name, WritableByteChannel channel) throws IOException;
    }

    private SafetensorsWriter() {}

    /**
     * Writes the tensors, converted to the type, under a temporary name; forces them to the disk; renames.
     *
     * @param metadata the file's {@code __metadata__}; transformers asks for {@code format = pt}
     */
    public static void write(
            Path file, SequencedMap<String, Tensor> tensors, DType stored, Map<String, String> metadata)
            throws IOException {
        SequencedMap<String, Described> described = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> described.put(name, new Described(stored, tensor.shape())));
        write(file, described, metadata, (name, channel) -> {
            try (Scope _ = Scope.open()) {
                Memory.write(Objects.requireNonNull(tensors.get(name)).detach().to(stored), channel);
            }
        });
    }

    /** The same for values that come from elsewhere, one tensor after the other. */
    public static void write(
            Path file, SequencedMap<String, Described> tensors, Map<String, String> metadata, Values values)
            throws IOException {
        Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
        try (var channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer header = header(tensors, metadata);
            while (header.hasRemaining()) {
                channel.write(header);
            }
            for (String name : tensors.keySet()) {
                values.write(name, channel);
            }
            channel.force(true);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Groups the tensors, in order, so that no group has more bytes than the limit unless one tensor alone does. */
    static java.util.List<SequencedMap<String, Tensor>> shards(
            SequencedMap<String, Tensor> tensors, DType stored, long limit) {
        var shards = new java.util.ArrayList<SequencedMap<String, Tensor>>();
        long size = Long.MAX_VALUE;
        for (var e : tensors.entrySet()) {
            long bytes = e.getValue().numel() * stored.bytes();
            if (size > limit - bytes) {
                shards.add(new LinkedHashMap<>());
                size = 0;
            }
            shards.getLast().put(e.getKey(), e.getValue());
            size += bytes;
        }
        return shards;
    }

    private static ByteBuffer header(SequencedMap<String, Described> tensors, Map<String, String> metadata) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode about = root.putObject("__metadata__");
        metadata.forEach(about::put);
        long at = 0;
        for (var e : tensors.entrySet()) {
            ObjectNode entry = root.putObject(e.getKey());
            entry.put("dtype", e.getValue().stored().name());
            var shape = entry.putArray("shape");
            for (long n : e.getValue().shape()) {
                shape.add(n);
            }
            long end = at + e.getValue().bytes();
            entry.putArray("data_offsets").add(at).add(end);
            at = end;
        }
        byte[] json = JSON.writeValueAsBytes(root);
        int padded = Math.ceilDiv(8 + json.length, 64) * 64 - 8; // the data begins where vector loads like it
        ByteBuffer buffer = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(padded).put(json);
        while (buffer.hasRemaining()) {
            buffer.put((byte) ' ');
        }
        return buffer.flip();
    }
}
