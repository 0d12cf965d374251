package cogent.serve;

import cogent.llm.openai.ApiKey;
import com.sun.net.httpserver.HttpExchange;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Who may ask. A request must name this server in its Host header: a web page whose name was made to lead here (DNS
 * rebinding) names its own. And it must bring the key, where there is one.
 */
final class AccessControl {
    private static final String BEARER = "bearer ";

    private final Set<String> hosts = new HashSet<>();
    private final ApiKey key;

    /** @param allowed further names of the server, without port */
    AccessControl(InetSocketAddress bound, Set<String> allowed, ApiKey key) {
        this.key = key;
        List.of("localhost", "127.0.0.1", "::1").forEach(name -> hosts.add(normal(name)));
        if (!bound.getAddress().isAnyLocalAddress()) {
            hosts.add(normal(bound.getHostString()));
            hosts.add(bound.getAddress().getHostAddress());
        }
        allowed.forEach(name -> hosts.add(normal(bare(name))));
    }

    void checkHost(HttpExchange exchange) {
        List<String> named = exchange.getRequestHeaders().getOrDefault("Host", List.of());
        if (named.size() != 1) {
            throw new BadRequest(400, "invalid_request_error", null, "name the server in one Host header");
        }
        String host = normal(bare(named.getFirst()));
        // an address, other than a name, cannot be made to lead elsewhere: the one that was reached is ours
        String reached = exchange.getLocalAddress().getAddress().getHostAddress();
        if (!hosts.contains(host) && !host.equals(reached)) {
            throw new BadRequest(
                    403,
                    "invalid_request_error",
                    null,
                    "host_not_allowed",
                    "this server does not go by the name in the Host header; cogent serve --allow-host NAME allows it");
        }
    }

    void checkKey(HttpExchange exchange) {
        if (!key.isSet()) {
            return;
        }
        String given = exchange.getRequestHeaders().getFirst("Authorization");
        boolean bearer = given != null && given.regionMatches(true, 0, BEARER, 0, BEARER.length());
        if (!bearer || !same(given.substring(BEARER.length()).strip(), key.value())) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
            throw new BadRequest(
                    401,
                    "invalid_request_error",
                    null,
                    "invalid_api_key",
                    bearer
                            ? "this is not the server's API key"
                            : "this server wants an API key: send Authorization: Bearer KEY");
        }
    }

    /** In a time that tells nothing of the key, its length included. */
    private static boolean same(String given, String wanted) {
        return MessageDigest.isEqual(hash(given), hash(wanted));
    }

    private static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    /** Without port, brackets and the root's dot. */
    private static String bare(String host) {
        String name = host.strip().toLowerCase(Locale.ROOT);
        if (name.startsWith("[")) {
            return name.replaceFirst("\\A\\[([^]]*)](:\\d*)?\\z", "$1");
        }
        return name.replaceFirst(":\\d*\\z", "").replaceFirst("\\.\\z", "");
    }

    /** Addresses have many spellings. */
    private static String normal(String name) {
        try {
            return InetAddress.ofLiteral(name).getHostAddress();
        } catch (IllegalArgumentException e) {
            return name.toLowerCase(Locale.ROOT);
        }
    }
}
