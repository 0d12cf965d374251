package cogent.model.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The hub's interface on this machine, as its API documents and {@code huggingface_hub} asks it. Files of more than 1 000
 * bytes lie in a storage of another address, as large files do.
 */
final class LocalHub implements AutoCloseable {
    private static final int LARGE = 1000;
    private final HttpServer server;
    private final HttpServer storage;
    private final Map<String, Map<String, byte[]>> repositories = new TreeMap<>();
    private final Map<String, byte[]> objects = new LinkedHashMap<>();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final List<String> tokensAtStorage = Collections.synchronizedList(new ArrayList<>());
    private final Set<String> encodings = ConcurrentHashMap.newKeySet();
    final AtomicInteger cutTransfers = new AtomicInteger();
    volatile boolean damaged;
    volatile boolean gated;
    volatile boolean storageRefuses;
    volatile boolean tokenIsWrong;
    volatile @Nullable String forbids;
    volatile String retryAfter = "0";
    volatile @Nullable String rateLimit;
    volatile boolean conflict;

    /** What stands before the new path of {@code org/renamed}, which is {@code org/tiny} now. */
    volatile String movedTo = "";

    final AtomicInteger busy = new AtomicInteger();

    LocalHub() throws IOException {
        server = start(this::answer);
        storage = start(this::store);
    }

    private static HttpServer start(com.sun.net.httpserver.HttpHandler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                handler.handle(exchange);
            }
        });
        server.start();
        return server;
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private String storageAddress() {
        return "http://127.0.0.1:" + storage.getAddress().getPort();
    }

    /** A repository such as {@code models/org/name}. */
    LocalHub with(String repository, Map<String, String> files) {
        Map<String, byte[]> bytes = new TreeMap<>();
        files.forEach((name, text) -> bytes.put(name, text.getBytes(UTF_8)));
        repositories.put(repository, bytes);
        return this;
    }

    Map<String, byte[]> files(String repository) {
        return repositories.getOrDefault(repository, Map.of());
    }

    List<String> asked() {
        return List.copyOf(asked);
    }

    List<String> tokensAtStorage() {
        return List.copyOf(tokensAtStorage);
    }

    /** Any change of the files is another commit. */
    private String commit(String repository) {
        StringBuilder all = new StringBuilder(repository);
        files(repository).forEach((name, bytes) -> all.append(name).append(hash("SHA-256", bytes)));
        return hash("SHA-1", all.toString().getBytes(UTF_8));
    }

    static String hash(String algorithm, byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            for (byte[] part : parts) {
                digest.update(part);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** What clients have said that they can unpack. */
    Set<String> encodings() {
        return Set.copyOf(encodings);
    }

    private void answer(HttpExchange exchange) throws IOException {
        encodings.add(String.valueOf(exchange.getRequestHeaders().getFirst("Accept-Encoding")));
        String path = exchange.getRequestURI().getRawPath();
        asked.add(exchange.getRequestMethod() + " " + path);
        if (busy.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            if (rateLimit == null) {
                exchange.getResponseHeaders().add("Retry-After", retryAfter);
            } else {
                exchange.getResponseHeaders().add("RateLimit", rateLimit);
            }
            send(exchange, rateLimit == null ? 503 : 429, "busy");
            return;
        }
        if (path.contains("/org/renamed/")) {
            exchange.getResponseHeaders().add("Location", movedTo + path.replace("/org/renamed/", "/org/tiny/"));
            send(exchange, 307, "");
            return;
        }
        String[] parts = path.substring(1).split("/", -1);
        if (forbids != null) {
            exchange.getResponseHeaders().add("X-Error-Message", forbids);
            send(exchange, 403, "");
        } else if (tokenIsWrong) {
            send(exchange, 401, "");
        } else if (path.startsWith("/api/repos/create")) {
            JsonNode body = body(exchange);
            String name = "models/" + body.path("organization").asString() + "/"
                    + body.path("name").asString();
            boolean there = repositories.putIfAbsent(name, new TreeMap<>()) != null;
            send(exchange, there ? 409 : 200, "{}");
        } else if (path.matches("/api/[^/]+/[^/]+/[^/]+/preupload/.*")) {
            ObjectNode reply = JsonMapper.shared().createObjectNode();
            for (JsonNode file : body(exchange).path("files")) {
                reply.withArray("files")
                        .addObject()
                        .put("path", file.path("path").asString())
                        .put("uploadMode", file.path("size").asLong() > LARGE ? "lfs" : "regular")
                        .put("shouldIgnore", false);
            }
            send(exchange, 200, reply.toString());
        } else if (conflict && path.contains("/commit/")) {
            exchange.getResponseHeaders().add("X-Error-Message", "A commit has happened since.");
            send(exchange, 412, "");
        } else if (path.matches("/api/[^/]+/[^/]+/[^/]+/commit/.*")) {
            commit(exchange, parts[1] + "/" + parts[2] + "/" + parts[3]);
        } else if (path.endsWith("/info/lfs/objects/batch")) {
            batch(exchange);
        } else if (path.matches("/api/[^/]+/[^/]+/[^/]+/revision/.*")) {
            info(exchange, parts[1] + "/" + parts[2] + "/" + parts[3], parts[5]);
        } else if (path.matches("/(datasets/)?[^/]+/[^/]+/resolve/[^/]+/.*")) {
            resolve(exchange, path.substring(1));
        } else {
            send(exchange, 404, "");
        }
    }

    private boolean refused(HttpExchange exchange, String repository) throws IOException {
        if (!repositories.containsKey(repository)) {
            exchange.getResponseHeaders().add("X-Error-Code", "RepoNotFound");
            send(exchange, 401, "");
            return true;
        }
        if (gated) {
            exchange.getResponseHeaders().add("X-Error-Code", "GatedRepo");
            send(exchange, 403, "");
            return true;
        }
        return false;
    }

    private void info(HttpExchange exchange, String repository, String revision) throws IOException {
        String key = revision.equals("main") || revision.equals(commit(repository))
                ? repository
                : repository + "@" + revision;
        if (!key.equals(repository) && !repositories.containsKey(key)) {
            exchange.getResponseHeaders().add("X-Error-Code", "RevisionNotFound");
            send(exchange, 404, "");
            return;
        }
        if (refused(exchange, key)) {
            return;
        }
        ObjectNode reply =
                JsonMapper.shared().createObjectNode().put("sha", commit(key)).put("id", key);
        files(key)
                .keySet()
                .forEach(name -> reply.withArray("siblings").addObject().put("rfilename", name));
        send(exchange, 200, reply.toString());
    }

    private void resolve(HttpExchange exchange, String path) throws IOException {
        String[] parts = path.split("/resolve/", -1);
        String repository = parts[0].startsWith("datasets/") ? parts[0] : "models/" + parts[0];
        String revision = parts[1].substring(0, parts[1].indexOf('/'));
        String file = parts[1].substring(parts[1].indexOf('/') + 1);
        String key = repositories.keySet().stream()
                .filter(name -> name.equals(repository) || name.startsWith(repository + "@"))
                .filter(name -> revision.equals("main") || commit(name).equals(revision))
                .findFirst()
                .orElse(repository);
        if (refused(exchange, key)) {
            return;
        }
        byte[] bytes = files(key).get(file);
        if (bytes == null) {
            exchange.getResponseHeaders().add("X-Error-Code", "EntryNotFound");
            send(exchange, 404, "");
            return;
        }
        exchange.getResponseHeaders().add("X-Repo-Commit", commit(key));
        if (bytes.length > LARGE) {
            String oid = hash("SHA-256", bytes);
            objects.put(oid, bytes);
            exchange.getResponseHeaders().add("X-Linked-Etag", '"' + oid + '"');
            exchange.getResponseHeaders().add("X-Linked-Size", String.valueOf(bytes.length));
            exchange.getResponseHeaders().add("ETag", "\"not-this-one\"");
            exchange.getResponseHeaders().add("Location", storageAddress() + "/" + oid);
            exchange.sendResponseHeaders(302, -1);
            return;
        }
        exchange.getResponseHeaders()
                .add("ETag", '"' + hash("SHA-1", ("blob " + bytes.length + "\0").getBytes(UTF_8), bytes) + '"');
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().add("Content-Length", String.valueOf(bytes.length));
            exchange.sendResponseHeaders(200, -1);
        } else {
            exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private void batch(HttpExchange exchange) throws IOException {
        ObjectNode reply = JsonMapper.shared().createObjectNode().put("transfer", "basic");
        for (JsonNode object : body(exchange).path("objects")) {
            String oid = object.path("oid").asString();
            ObjectNode entry = reply.withArray("objects").addObject().put("oid", oid);
            if (!objects.containsKey(oid)) {
                entry.putObject("actions").putObject("upload").put("href", storageAddress() + "/" + oid);
            }
        }
        send(exchange, 200, reply.toString());
    }

    private void commit(HttpExchange exchange, String repository) throws IOException {
        for (String line : new String(exchange.getRequestBody().readAllBytes(), UTF_8)
                .lines()
                .toList()) {
            JsonNode entry = JsonMapper.shared().readTree(line);
            JsonNode value = entry.path("value");
            switch (entry.path("key").asString()) {
                case "file" ->
                    repositories
                            .get(repository)
                            .put(
                                    value.path("path").asString(),
                                    Base64.getDecoder()
                                            .decode(value.path("content").asString()));
                case "lfsFile" ->
                    repositories
                            .get(repository)
                            .put(
                                    value.path("path").asString(),
                                    objects.get(value.path("oid").asString()));
                default -> {}
            }
        }
        send(exchange, 200, "{\"commitUrl\": \"" + address() + "/commit/1\"}");
    }

    private void store(HttpExchange exchange) throws IOException {
        String oid = exchange.getRequestURI().getPath().substring(1);
        if (exchange.getRequestHeaders().containsKey("Authorization")) {
            tokensAtStorage.add(exchange.getRequestHeaders().getFirst("Authorization"));
        }
        asked.add(exchange.getRequestMethod() + " storage "
                + exchange.getRequestHeaders().getFirst("Range"));
        if (exchange.getRequestMethod().equals("PUT")) {
            objects.put(oid, exchange.getRequestBody().readAllBytes());
            send(exchange, 200, "");
            return;
        }
        if (storageRefuses) {
            send(exchange, 403, "expired");
            return;
        }
        byte[] bytes = objects.get(oid).clone();
        if (damaged) {
            bytes[bytes.length / 2] ^= 1;
        }
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        exchange.sendResponseHeaders(range == null ? 200 : 206, bytes.length - from);
        if (cutTransfers.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            exchange.getResponseBody().write(bytes, from, (bytes.length - from) / 2);
            exchange.getResponseBody().flush();
            return; // closed before its announced length
        }
        exchange.getResponseBody().write(bytes, from, bytes.length - from);
    }

    private static JsonNode body(HttpExchange exchange) throws IOException {
        return JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes());
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        storage.stop(0);
    }
}
