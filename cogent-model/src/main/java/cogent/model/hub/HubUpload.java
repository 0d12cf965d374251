package cogent.model.hub;

import cogent.data.InputException;
import cogent.data.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A directory as one commit of a model repository: small files within the commit, large ones into the hub's large-file
 * storage before it (git-lfs batch API), those that are there already not again. So a push that was cut off continues.
 */
public final class HubUpload {
    private static final int SAMPLE = 512;
    private static final String LFS = "application/vnd.git-lfs+json";

    private final HubSettings settings;
    private final HubHttp http;

    public HubUpload(HubSettings settings) {
        this.settings = settings;
        this.http = new HubHttp(settings);
    }

    /** A file to go up, under its name in the repository. */
    private record Part(String name, Path file, long size) {}

    /**
     * Pushes the files of a directory, making the repository if there is none.
     *
     * @param isPrivate of a repository that is made
     * @return where the commit can be seen
     * @throws InputException when the hub refuses, or cannot be reached
     */
    public String push(Path directory, HubRepo repo, boolean isPrivate, String message, HubProgress progress) {
        if (settings.token().isEmpty()) {
            throw new InputException("pushing needs a token that may write: `hf auth login`, or HF_TOKEN ("
                    + settings.endpoint() + "/settings/tokens)");
        }
        if (settings.offline()) {
            throw new InputException("HF_HUB_OFFLINE forbids to push: unset it");
        }
        List<Part> parts = parts(directory);
        try {
            create(repo, isPrivate);
            Map<String, String> modes = modes(repo, parts);
            Map<Part, String> large = new HashMap<>();
            parts.stream()
                    .filter(part -> modes.getOrDefault(part.name(), "lfs").equals("lfs"))
                    .forEach(part -> large.put(part, Sha256.hex(part.file())));
            store(repo, large, progress);
            return commit(repo, parts, large, message);
        } catch (HubUnreachable e) {
            throw new InputException(
                    repo + ": cannot be pushed: " + e.getMessage() + ". " + e.advice()
                            + "; what has gone up is kept there, the same command continues",
                    e);
        } catch (IOException e) {
            throw new InputException(
                    repo + ": cannot be pushed: " + InputException.reason(e)
                            + ". What has gone up is kept there; the same command continues",
                    e);
        }
    }

    private static List<Part> parts(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Part> parts = new ArrayList<>();
            List<Path> all = files.filter(Files::isRegularFile)
                    .filter(file -> !hidden(directory.relativize(file)))
                    .sorted()
                    .toList();
            for (Path file : all) {
                parts.add(new Part(directory.relativize(file).toString().replace('\\', '/'), file, Files.size(file)));
            }
            if (parts.isEmpty()) {
                throw new InputException(directory + " is empty: there is nothing to push");
            }
            return parts;
        } catch (IOException e) {
            throw new InputException(directory + ": cannot be read: " + InputException.reason(e), e);
        }
    }

    /** What file managers, git and Python's tools keep beside a model; the hub's own file of attributes is no such thing. */
    private static boolean hidden(Path name) {
        return !name.endsWith(".gitattributes")
                && StreamSupport.stream(name.spliterator(), false)
                        .anyMatch(part -> part.toString().startsWith("."));
    }

    private void create(HubRepo repo, boolean isPrivate) throws IOException {
        int slash = repo.id().indexOf('/');
        if (slash < 0) {
            throw new InputException("\"" + repo.id() + "\" has no owner: push to OWNER/NAME");
        }
        ObjectNode body = object().put("name", repo.id().substring(slash + 1))
                .put("organization", repo.id().substring(0, slash))
                .put("type", "model")
                .put("private", isPrivate);
        HttpRequest request = json(http.address("api", "repos", "create"), body);
        http.send(repo, request, BodyHandlers.discarding(), true, Set.of(409)); // 409: it is there already
    }

    /** By name: {@code regular} or {@code lfs}, as the repository's attributes have it. */
    private Map<String, String> modes(HubRepo repo, List<Part> parts) throws IOException {
        ObjectNode body = object();
        ArrayNode files = body.putArray("files");
        for (Part part : parts) {
            try (InputStream in = Files.newInputStream(part.file())) {
                files.addObject()
                        .put("path", part.name())
                        .put("size", part.size())
                        .put("sample", Base64.getEncoder().encodeToString(in.readNBytes(SAMPLE)));
            }
        }
        Map<String, String> modes = new HashMap<>();
        answered(
                        repo,
                        json(
                                http.address(
                                        "api", "models", repo.id(), "preupload", HubHttp.oneSegment(repo.revision())),
                                body))
                .path("files")
                .forEach(file -> modes.put(
                        file.path("path").asString(""), file.path("uploadMode").asString("lfs")));
        return modes;
    }

    /** https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md, with the hub's own multipart transfer. */
    private void store(HubRepo repo, Map<Part, String> large, HubProgress progress) throws IOException {
        if (large.isEmpty()) {
            return;
        }
        ObjectNode body = object().put("operation", "upload").put("hash_algo", "sha256");
        body.putArray("transfers").add("basic").add("multipart");
        ArrayNode objects = body.putArray("objects");
        large.forEach((part, oid) -> objects.addObject().put("oid", oid).put("size", part.size()));
        HttpRequest request = HttpRequest.newBuilder(
                        http.address(repo.id() + ".git", "info", "lfs", "objects", "batch"))
                .header("Accept", LFS)
                .header("Content-Type", LFS)
                .POST(BodyPublishers.ofString(body.toString()))
                .build();
        Map<String, JsonNode> byOid = new HashMap<>();
        answered(repo, request)
                .path("objects")
                .forEach(object -> byOid.put(object.path("oid").asString(""), object));
        for (Map.Entry<Part, String> entry : large.entrySet()) {
            JsonNode object = byOid.getOrDefault(entry.getValue(), object());
            if (object.has("error")) {
                throw new InputException(entry.getKey().name() + ": the hub's storage refuses it: "
                        + object.path("error").path("message").asString("without a reason"));
            }
            JsonNode upload = object.path("actions").path("upload");
            if (!upload.isMissingNode()) { // missing: it is there already
                put(repo, entry.getKey(), entry.getValue(), upload, progress);
                verify(
                        repo,
                        entry.getKey(),
                        entry.getValue(),
                        object.path("actions").path("verify"));
            }
        }
    }

    private void put(HubRepo repo, Part part, String oid, JsonNode upload, HubProgress progress) throws IOException {
        JsonNode headers = upload.path("header");
        long chunk = Long.parseLong(headers.path("chunk_size").asString("0"));
        if (chunk == 0) {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            URI.create(upload.path("href").asString()))
                    .PUT(BodyPublishers.ofFile(part.file()));
            headers.propertyStream()
                    .forEach(h -> request.header(h.getKey(), h.getValue().asString()));
            http.send(repo, request.build(), BodyHandlers.discarding(), true);
            progress.moved(part.name(), part.size(), part.size());
            return;
        }
        ObjectNode completion = object().put("oid", oid);
        ArrayNode etags = completion.putArray("parts");
        List<String> addresses = headers.propertyStream()
                .filter(h -> h.getKey().matches("\\d{1,9}"))
                .sorted(Comparator.comparingInt(h -> Integer.parseInt(h.getKey())))
                .map(h -> h.getValue().asString())
                .toList();
        for (int number = 1; number <= addresses.size(); number++) {
            long from = (number - 1) * chunk;
            long length = Math.min(chunk, part.size() - from);
            HttpRequest request = HttpRequest.newBuilder(URI.create(addresses.get(number - 1)))
                    .PUT(slice(part.file(), from, length))
                    .build();
            String etag = http.send(repo, request, BodyHandlers.discarding(), true)
                    .headers()
                    .firstValue("etag")
                    .orElse("");
            etags.addObject().put("partNumber", number).put("etag", etag);
            progress.moved(part.name(), from + length, part.size());
        }
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(upload.path("href").asString()))
                .header("Accept", LFS)
                .header("Content-Type", LFS)
                .POST(BodyPublishers.ofString(completion.toString()))
                .build();
        http.send(repo, request, BodyHandlers.discarding(), true);
    }

    /** Some bytes of a file; their number is told ahead, as storage wants it. */
    private static BodyPublisher slice(Path file, long from, long length) {
        return BodyPublishers.fromPublisher(
                BodyPublishers.ofInputStream(() -> {
                    try {
                        InputStream in = Files.newInputStream(file);
                        in.skipNBytes(from);
                        return new Bounded(in, length);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }),
                length);
    }

    /** The first bytes of a stream. */
    private static final class Bounded extends FilterInputStream {
        private long left;

        Bounded(InputStream in, long left) {
            super(in);
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int n = super.read(bytes, offset, (int) Math.min(length, left));
            left -= Math.max(0, n);
            return n;
        }
    }

    private void verify(HubRepo repo, Part part, String oid, JsonNode verify) throws IOException {
        if (!verify.isMissingNode()) {
            http.send(
                    repo,
                    json(
                            URI.create(verify.path("href").asString()),
                            object().put("oid", oid).put("size", part.size())),
                    BodyHandlers.discarding(),
                    true);
        }
    }

    private String commit(HubRepo repo, List<Part> parts, Map<Part, String> large, String message) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        ObjectNode header = object().put("key", "header");
        header.putObject("value").put("summary", message).put("description", "");
        line(lines, header);
        for (Part part : parts) {
            ObjectNode line = object();
            String oid = large.get(part);
            if (oid == null) {
                line.put("key", "file")
                        .putObject("value")
                        .put("path", part.name())
                        .put("encoding", "base64")
                        .put("content", Base64.getEncoder().encodeToString(Files.readAllBytes(part.file())));
            } else {
                line.put("key", "lfsFile")
                        .putObject("value")
                        .put("path", part.name())
                        .put("algo", "sha256")
                        .put("oid", oid)
                        .put("size", part.size());
            }
            line(lines, line);
        }
        HttpRequest request = HttpRequest.newBuilder(
                        http.address("api", "models", repo.id(), "commit", HubHttp.oneSegment(repo.revision())))
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofByteArray(lines.toByteArray()))
                .build();
        return answered(repo, request).path("commitUrl").asString(http.page(repo));
    }

    private static void line(ByteArrayOutputStream lines, ObjectNode line) throws IOException {
        lines.write(line.toString().getBytes(StandardCharsets.UTF_8));
        lines.write('\n');
    }

    private JsonNode answered(HubRepo repo, HttpRequest request) throws IOException {
        return JsonMapper.shared()
                .readTree(
                        http.send(repo, request, BodyHandlers.ofString(), true).body());
    }

    private static HttpRequest json(URI address, ObjectNode body) {
        return HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()))
                .build();
    }

    private static ObjectNode object() {
        return JsonMapper.shared().createObjectNode();
    }
}
