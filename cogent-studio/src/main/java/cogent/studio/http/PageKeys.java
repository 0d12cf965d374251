package cogent.studio.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask. The address that the terminal prints holds a random key; whoever comes with it gets it as a cookie that
 * scripts and other sites cannot use. What changes something must bring a second key, which only our own pages hold.
 *
 * @param host what the Host header must say: a name that is led to 127.0.0.1 from outside (DNS rebinding) is refused
 * @param key opens the pages
 * @param formKey stands in every form
 */
public record PageKeys(Set<String> host, String cookie, String key, String formKey) {
    private static final int KEY_BYTES = 32;

    /** @param port by which the cookie is named too, as cookies of one host are shared by all its ports */
    static PageKeys random(int port) {
        return new PageKeys(
                Set.of("127.0.0.1:" + port, "localhost:" + port), "cogent-studio-" + port, randomKey(), randomKey());
    }

    private static String randomKey() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key);
    }

    boolean isOurs(@Nullable String hostHeader) {
        return hostHeader != null && host.contains(hostHeader);
    }

    /** Whether a page of another site sends this; browsers that say nothing leave it to the keys. */
    boolean isForeign(@Nullable String origin) {
        return origin != null && host.stream().noneMatch(h -> origin.equals("http://" + h));
    }

    boolean opens(@Nullable String given) {
        return given != null && equal(key, given);
    }

    boolean opensWith(@Nullable String cookieHeader) {
        if (cookieHeader == null) {
            return false;
        }
        for (String pair : cookieHeader.split(";", -1)) {
            String[] parts = pair.strip().split("=", 2);
            if (parts.length == 2 && parts[0].equals(cookie) && opens(parts[1])) {
                return true;
            }
        }
        return false;
    }

    boolean mayChange(@Nullable String given) {
        return given != null && equal(formKey, given);
    }

    String setCookie() {
        return cookie + "=" + key + "; Path=/; HttpOnly; SameSite=Strict";
    }

    /** In the same time wherever they differ. */
    private static boolean equal(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
