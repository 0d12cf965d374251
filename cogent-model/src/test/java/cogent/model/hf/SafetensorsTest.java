package cogent.model.hf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import cogent.model.tensor.DType;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"F32", "BF16", "F16"})
    void what_is_written_is_read(DType stored) throws IOException {
        Path file = folder.resolve("a.safetensors");
        Path beside = Files.writeString(folder.resolve("a.safetensors.tmp"), "mine");
        try (Scope _ = Scope.open()) {
            SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
            tensors.put("ä/odd name", Tensors.randn(1, 3, 5));
            tensors.put("empty", Tensors.zeros(DType.F32, 0, 4));
            tensors.put("scalar", Tensors.full(-2.5, DType.F32));
            tensors.put("turned", Tensors.randn(2, 4, 2).transpose(0, 1));
            SafetensorsWriter.write(file, tensors, stored, Map.of("format", "pt"));
            Safetensors read = Safetensors.open(file);
            assertThat(read.metadata()).containsEntry("format", "pt");
            assertThat(read.entries().keySet()).containsExactlyElementsOf(tensors.keySet());
            tensors.forEach((name, tensor) -> {
                assertThat(read.tensor(name).shape()).isEqualTo(tensor.shape());
                assertThat(read.tensor(name).dtype()).isEqualTo(stored);
                assertThat(read.tensor(name).toFloats())
                        .isEqualTo(tensor.to(stored).toFloats());
            });
        }
        assertThat(folder).isDirectoryNotContaining("glob:**/.*");
        assertThat(beside).hasContent("mine");
    }

    @Test
    void writing_into_a_mapped_tensor_leaves_the_file_alone() throws IOException {
        Path file = folder.resolve("a.safetensors");
        try (Scope _ = Scope.open()) {
            SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
            tensors.put("x", Tensors.full(1, DType.F32, 4));
            SafetensorsWriter.write(file, tensors, DType.F32, Map.of());
            Safetensors first = Safetensors.open(file);
            first.tensor("x").fill_(7);
            assertThat(first.tensor("x").toFloats()).containsOnly(7);
            assertThat(Safetensors.open(file).tensor("x").toFloats()).containsOnly(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}}|needs 8 bytes and has 4",
                "{'x':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}|no tensor owns",
                "{'x':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}|bytes to spare",
                "{'x':{'dtype':'F32','shape':[4],'data_offsets':[0,16]}}|cut off",
                "{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'y':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}|overlap",
                "{'x':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}|[begin, end]",
                "{'x':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}|no count",
                "{'x':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}}|no count",
                "{'x':{'dtype':'F32','shape':[9223372036854775807,4],'data_offsets':[0,8]}}|larger than any file",
                "{'x':{'dtype':'F32','shape':[18446744073709551618],'data_offsets':[0,8]}}|no count",
                "{'x':{'dtype':'Q7','shape':[2],'data_offsets':[0,8]}}|unknown dtype",
                "{'x':{'dtype':'F32','shape':[2]}}|nothing else",
                "{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'more':1}}|nothing else",
                "{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}|uplicate",
                "{'__metadata__':{'a':1},'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}|not text",
                "[1]|does not begin with",
                "{'x':|not JSON",
                "{} {}|not JSON",
            })
    void a_header_that_does_not_add_up_is_refused(String header, String message) throws IOException {
        assertThatThrownBy(() -> Safetensors.open(file(header.replace('\'', '"'), 8)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("x.safetensors");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 200_000_000, -1, Long.MIN_VALUE, 1000})
    void a_header_length_that_cannot_be_is_refused(long length) throws IOException {
        Path file = folder.resolve("x.safetensors");
        Files.write(
                file,
                ByteBuffer.allocate(20)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(length)
                        .array());
        assertThatThrownBy(() -> Safetensors.open(file)).isInstanceOf(InputException.class);
        Files.write(file, new byte[7]);
        assertThatThrownBy(() -> Safetensors.open(file)).hasMessageContaining("cut off");
        assertThatThrownBy(() -> Safetensors.open(folder.resolve("none"))).hasMessageContaining("no file");
    }

    @Test
    void types_that_are_not_computed_with_are_refused_when_asked_for() throws IOException {
        Safetensors file =
                Safetensors.open(file("{\"x\":{\"dtype\":\"F8_E4M3\",\"shape\":[8],\"data_offsets\":[0,8]}}", 8));
        assertThat(file.entries()).containsKey("x");
        try (Scope _ = Scope.open()) {
            assertThatThrownBy(() -> file.tensor("x"))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("F8_E4M3");
            assertThatThrownBy(() -> file.tensor("y")).isInstanceOf(InputException.class);
        }
    }

    /** No mutation may do worse than an InputException: every tensor of a file that opens is read to its last byte. */
    @Test
    void ten_thousand_mutated_files_leave_the_jvm_alive() {
        String header = "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
                + "\"b\":{\"dtype\":\"BF16\",\"shape\":[4],\"data_offsets\":[24,32]},"
                + "\"c\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[32,40]}}";
        byte[] good = bytes(header, 40);
        String[] numbers = {"0", "1", "-1", "8", "24", "40", "41", "4294967296", "9223372036854775807", "1e3", "null"};
        Random random = new Random(1);
        int opened = 0;
        for (int i = 0; i < 12_000; i++) {
            byte[] bad = good.clone();
            switch (i % 4) {
                case 0 -> {
                    for (int n = random.nextInt(4); n >= 0; n--) {
                        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
                    }
                }
                case 1 -> bad = java.util.Arrays.copyOf(bad, random.nextInt(bad.length + 20));
                case 2 ->
                    bad[8 + random.nextInt(header.length())] = (byte) "0123456789[]{}\",:-".charAt(random.nextInt(18));
                default -> {
                    String[] parts = header.split("(?<=[\\[,])(?=\\d)|(?<=\\d)(?=[,\\]])");
                    parts[1 + 2 * random.nextInt(parts.length / 2)] = numbers[random.nextInt(numbers.length)];
                    bad = bytes(String.join("", parts), random.nextInt(8) * 8);
                }
            }
            try (Arena arena = Arena.ofConfined();
                    Scope _ = Scope.open()) {
                MemorySegment memory = arena.allocate(bad.length).copyFrom(MemorySegment.ofArray(bad));
                Safetensors read = Safetensors.open(Path.of("fuzz.safetensors"), memory, true);
                opened++;
                for (String name : read.entries().keySet()) {
                    read.tensor(name).to(DType.F64).sum().item();
                }
            } catch (InputException e) {
                assertThat(e).hasMessageContaining("safetensors");
            }
        }
        assertThat(opened).isBetween(100, 11_000);
    }

    private Path file(String header, int data) throws IOException {
        return Files.write(folder.resolve("x.safetensors"), bytes(header, data));
    }

    private static byte[] bytes(String header, int data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
    }
}
