package cogent.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 (FIPS 180-4) of what is added, in order.
 *
 * <pre>{@code
 * Sha256.hex("text");
 * new Sha256().addPart("id").addPart("text").hex();
 * }</pre>
 */
public final class Sha256 {
    private final MessageDigest digest;

    public Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** The text's UTF-8 bytes, as 64 hexadecimal digits. */
    public static String hex(String text) {
        return new Sha256().add(text).hex();
    }

    /** @throws InputException when the file cannot be read */
    public static String hex(Path file) {
        var sha256 = new Sha256();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 20];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                sha256.digest.update(buffer, 0, n);
            }
        } catch (IOException e) {
            throw InputException.unreadable(file, e);
        }
        return sha256.hex();
    }

    /** The text's UTF-8 bytes and nothing to tell them from what comes next: see {@link #addPart}. */
    public Sha256 add(String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    public Sha256 add(byte... bytes) {
        digest.update(bytes);
        return this;
    }

    /** The remaining bytes; they are consumed. */
    public Sha256 add(ByteBuffer bytes) {
        digest.update(bytes);
        return this;
    }

    /** The text's UTF-8 bytes after their number (four bytes, big-endian), so that parts cannot run into each other. */
    public Sha256 addPart(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
        return this;
    }

    /** The 32 bytes of the hash; then begins anew. */
    public byte[] bytes() {
        return digest.digest();
    }

    /** The hash as 64 hexadecimal digits; then begins anew. */
    public String hex() {
        return HexFormat.of().formatHex(bytes());
    }
}
