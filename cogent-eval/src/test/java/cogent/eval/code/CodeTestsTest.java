package cogent.eval.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class CodeTestsTest {
    private static final String PUBLIC = "[{\"input\":\"1\\n\",\"output\":\"2\\n\",\"testtype\":\"stdin\"}]";

    private static ObjectNode row(String priv, String metadata) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("public_test_cases", PUBLIC)
                .put("private_test_cases", priv)
                .put("metadata", metadata);
    }

    /** What Python 3's {@code pickle.dumps(text)} writes: protocol 4 with a frame. */
    private static byte[] pickled(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer pickle = ByteBuffer.allocate(utf8.length + 18).order(ByteOrder.LITTLE_ENDIAN);
        pickle.put((byte) 0x80).put((byte) 4).put((byte) 0x95).putLong(utf8.length + 7);
        pickle.put((byte) 'X').putInt(utf8.length).put(utf8).put((byte) 0x94).put((byte) '.');
        return pickle.array();
    }

    private static String packed(byte[] pickle) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DeflaterOutputStream(bytes)) {
            out.write(pickle);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    @Test
    void public_and_private_tests_are_one_list() throws IOException {
        String hidden = "[{\"input\":\"é\",\"output\":\"3\",\"testtype\":\"stdin\"}]";
        CodeTests tests = CodeTests.read(row(packed(pickled(hidden)), "{}"));
        assertThat(tests.function()).isEmpty();
        assertThat(tests.tests()).containsExactly(new CodeTests.Test("1\n", "2\n"), new CodeTests.Test("é", "3"));
        assertThat(CodeTests.read(row(hidden, "{}"))).isEqualTo(tests);
        assertThat(CodeTests.read(row("", "{}")).tests()).hasSize(1);
    }

    @Test
    void older_pickles_are_read_too() {
        assertThat(PickledText.read("Va\\u00e9b\np0\n.".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo("aéb");
        assertThat(PickledText.read(new byte[] {(byte) 0x80, 4, (byte) 0x8c, 2, 'h', 'i', (byte) 0x94, '.'}))
                .isEqualTo("hi");
    }

    @Test
    void a_pickle_that_would_run_something_is_refused() throws IOException {
        String evil = packed("cos\nsystem\n(S'touch /tmp/evil'\ntR.".getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> CodeTests.read(row(evil, "{}")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("private_test_cases")
                .hasMessageContaining("not executed");
    }

    @Test
    void what_is_broken_is_told() throws IOException {
        assertThatThrownBy(() -> CodeTests.read(row("!!!", "{}"))).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> CodeTests.read(row("QUJD", "{}"))).isInstanceOf(InputException.class);
        byte[] cut = java.util.Arrays.copyOf(pickled("[]"), 14);
        String broken = packed(cut);
        assertThatThrownBy(() -> CodeTests.read(row(broken, "{}"))).hasMessageContaining("cut off");
        assertThatThrownBy(() -> CodeTests.read(row("[", "{}"))).hasMessageContaining("not JSON");
        assertThatThrownBy(() -> CodeTests.read(JsonMapper.shared().createObjectNode()))
                .hasMessageContaining("no test");
    }
}
