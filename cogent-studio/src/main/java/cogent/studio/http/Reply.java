package cogent.studio.http;

import cogent.studio.html.SafeHtml;
import cogent.studio.html.Url;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What is answered.
 *
 * @param length in bytes; 0 where it is not known before
 */
public record Reply(int status, String type, Map<String, String> headers, long length, Body body) {
    /** Writes itself. */
    @FunctionalInterface
    public interface Body {
        void write(OutputStream out) throws IOException;
    }

    private static final String HTML = "text/html; charset=utf-8";

    /** A written report holds its own styles and no script; sandboxed, it can do nothing to these pages. */
    private static final String REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";

    public static Reply page(SafeHtml page) {
        return page(200, page);
    }

    static Reply page(int status, SafeHtml page) {
        return bytes(status, HTML, Map.of(), page.html().getBytes(StandardCharsets.UTF_8));
    }

    /** On to another page, which the browser asks for by itself. */
    public static Reply see(String address) {
        return new Reply(303, HTML, Map.of("Location", address), -1, _ -> {});
    }

    /** On to the page itself, so that the key stands in no history. */
    static Reply letIn(List<String> path, String cookie) {
        String address = Url.of(path.toArray(String[]::new));
        return new Reply(303, HTML, Map.of("Location", address, "Set-Cookie", cookie), -1, _ -> {});
    }

    static Reply bytes(int status, String type, Map<String, String> headers, byte[] bytes) {
        return new Reply(status, type, headers, bytes.length, out -> out.write(bytes));
    }

    public static Reply text(String type, String text) {
        return bytes(200, type + "; charset=utf-8", Map.of(), text.getBytes(StandardCharsets.UTF_8));
    }

    /** What is sent piece by piece, as it comes to be. */
    public static Reply streamed(String type, Body body) {
        return new Reply(200, type + "; charset=utf-8", Map.of(), 0, body);
    }

    /** A file to save; written as it is made. */
    public static Reply download(String name, String type, Body body) {
        return new Reply(
                200,
                type,
                Map.of(
                        "Content-Disposition",
                        "attachment; filename=\"" + name.replaceAll("[^A-Za-z0-9._-]", "_") + "\""),
                0,
                body);
    }

    /** A report of ours from a run directory. */
    public static Reply report(Path file) throws IOException {
        return bytes(200, HTML, Map.of("Content-Security-Policy", REPORT_POLICY), Files.readAllBytes(file));
    }
}
