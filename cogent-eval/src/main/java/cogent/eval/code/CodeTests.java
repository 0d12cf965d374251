package cogent.eval.code;

import cogent.data.InputException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.InflaterInputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tests of a LiveCodeBench problem, public and private ones.
 *
 * @param function the method to call; empty when the program reads its input and prints its output
 */
public record CodeTests(String function, List<Test> tests) {
    /** More would be a bomb, not tests. */
    private static final int MAX_BYTES = 1 << 29;

    static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(MAX_BYTES)
                            .build())
                    .build())
            .build();

    /**
     * @param input what the program reads, or one JSON value a line for the arguments of the function
     * @param output what it prints, or the JSON value that the function returns
     */
    public record Test(String input, String output) {}

    public CodeTests {
        tests = List.copyOf(tests);
    }

    /**
     * Reads the published layout: {@code public_test_cases} is JSON in a text, {@code private_test_cases} the same or
     * base64 of zlib of a pickled text with that JSON, {@code metadata} JSON in a text with {@code func_name}.
     *
     * @throws InputException when there is no test, or the layout is another
     */
    public static CodeTests read(JsonNode row) {
        List<Test> tests = new ArrayList<>();
        boolean functional = false;
        for (String field : List.of("public_test_cases", "private_test_cases")) {
            for (JsonNode test : json(field, text(row, field))) {
                functional |= test.path("testtype").asString("").equals("functional");
                tests.add(new Test(
                        test.path("input").asString(""), test.path("output").asString("")));
            }
        }
        if (tests.isEmpty()) {
            throw new InputException("no test in public_test_cases and private_test_cases");
        }
        String function = json("metadata", row.path("metadata").asString("{}"))
                .path("func_name")
                .asString("");
        if (functional && !function.matches("[A-Za-z_]\\w*")) {
            throw new InputException("metadata: no func_name for functional tests");
        }
        return new CodeTests(functional ? function : "", tests);
    }

    private static String text(JsonNode row, String field) {
        String written = row.path(field).asString("").strip();
        if (written.isEmpty()) {
            return "[]";
        }
        if (written.startsWith("[")) {
            return written;
        }
        try {
            byte[] packed = Base64.getMimeDecoder().decode(written);
            return PickledText.read(inflated(packed));
        } catch (IllegalArgumentException | IOException | InputException e) {
            throw new InputException(
                    field + ": neither a JSON list nor base64 of zlib of a pickled text (" + e.getMessage() + ")", e);
        }
    }

    private static byte[] inflated(byte[] packed) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var in = new InflaterInputStream(new ByteArrayInputStream(packed))) {
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                bytes.write(buffer, 0, n);
                if (bytes.size() > MAX_BYTES) {
                    throw new IOException("more than " + (MAX_BYTES >> 20) + " MiB when unpacked");
                }
            }
        }
        return bytes.toByteArray();
    }

    private static JsonNode json(String field, String text) {
        try {
            return JSON.readTree(text.getBytes(StandardCharsets.UTF_8));
        } catch (JacksonException e) {
            throw new InputException(field + ": not JSON", e);
        }
    }
}
