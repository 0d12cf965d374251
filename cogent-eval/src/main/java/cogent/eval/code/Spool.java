package cogent.eval.code;

import cogent.data.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Keeps problems' tests on disk until they are needed: those of a whole benchmark are gigabytes. */
public final class Spool {
    private static final List<String> FIELDS = List.of("public_test_cases", "private_test_cases", "metadata");

    private final FileChannel file;

    /** In the system's folder for temporary files; gone when the process ends. */
    public Spool() {
        try {
            Path path = Files.createTempFile("cogent-tests-", ".jsonl");
            file = FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException e) {
            throw new InputException("the tests cannot be kept on disk (" + InputException.reason(e) + ")", e);
        }
    }

    /** Puts a problem's tests away; they are read, and found sound or not, when asked for. */
    public Supplier<CodeTests> put(ObjectNode row) {
        ObjectNode kept = JsonMapper.shared().createObjectNode();
        FIELDS.forEach(field -> kept.set(field, row.path(field)));
        byte[] bytes = JsonMapper.shared().writeValueAsBytes(kept);
        try {
            long place = file.size();
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                file.write(buffer, place + buffer.position());
            }
            return () -> get(place, bytes.length);
        } catch (IOException e) {
            throw new InputException("the tests cannot be kept on disk (" + InputException.reason(e) + ")", e);
        }
    }

    private CodeTests get(long place, int length) {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        try {
            int read = 0;
            while (buffer.hasRemaining() && read >= 0) {
                read = file.read(buffer, place + buffer.position());
            }
        } catch (IOException e) {
            throw new InputException("the tests cannot be read again (" + InputException.reason(e) + ")", e);
        }
        return CodeTests.read(CodeTests.JSON.readTree(new String(buffer.array(), StandardCharsets.UTF_8)));
    }
}
