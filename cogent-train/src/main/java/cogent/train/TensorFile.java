package cogent.train;

import cogent.tensor.DType;
import cogent.tensor.GradMode;
import cogent.tensor.Memory;
import cogent.tensor.Scope;
import cogent.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Exact F32 tensors of a checkpoint in a safetensors file. */
final class TensorFile {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private TensorFile() {}

    /** Writes and syncs. */
    static void write(Path file, Map<String, Tensor> tensors) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        long end = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            ObjectNode about = header.putObject(entry.getKey());
            about.put("dtype", entry.getValue().dtype().name());
            about.putPOJO("shape", entry.getValue().shape());
            about.putPOJO(
                    "data_offsets", new long[] {end, end += entry.getValue().nbytes()});
        }
        byte[] head = JSON.writeValueAsBytes(header);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer start = ByteBuffer.allocate(8 + head.length).order(ByteOrder.LITTLE_ENDIAN);
            start.putLong(head.length).put(head).flip();
            while (start.hasRemaining()) {
                channel.write(start);
            }
            for (Tensor tensor : tensors.values()) {
                Memory.write(tensor, channel);
            }
            channel.force(true);
        }
    }

    /** Copies the file's values into tensors of the same names and shapes. */
    static void readInto(Path file, Map<String, Tensor> tensors) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                Scope _ = Scope.open();
                var _ = GradMode.off()) {
            MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
            ByteBuffer start = all.asSlice(0, 8).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
            long headEnd = 8 + start.getLong();
            byte[] head = new byte[(int) headEnd - 8];
            all.asSlice(8, head.length).asByteBuffer().get(head);
            JsonNode header = JSON.readTree(new String(head, StandardCharsets.UTF_8));
            for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
                JsonNode about = header.get(entry.getKey());
                if (about == null
                        || !Arrays.equals(shape(about), entry.getValue().shape())) {
                    throw new IOException("has no " + entry.getKey() + " of the model's shape");
                }
                long from = headEnd + about.get("data_offsets").get(0).asLong();
                long to = headEnd + about.get("data_offsets").get(1).asLong();
                DType dtype = DType.valueOf(about.get("dtype").asString());
                entry.getValue().copy_(Memory.view(all.asSlice(from, to - from), dtype, shape(about)));
            }
        }
    }

    private static long[] shape(JsonNode about) {
        return about.get("shape").valueStream().mapToLong(JsonNode::asLong).toArray();
    }
}
