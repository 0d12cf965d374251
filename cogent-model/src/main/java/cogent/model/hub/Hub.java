package cogent.model.hub;

import cogent.data.InputException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Models and datasets by name, as everywhere in this field: from the cache that Python tools share, else from the hub
 * into that cache.
 *
 * <pre>{@code
 * Hub hub = new Hub(HubSettings.ofEnvironment());
 * Path directory = hub.model(HubRepo.model("Qwen/Qwen2.5-0.5B-Instruct").orElseThrow(), HubProgress.SILENT);
 * }</pre>
 */
public final class Hub {
    /** Files of a model that Cogent reads, or that people expect beside them. */
    private static final Pattern MODEL_FILES = Pattern.compile("(?:config|generation_config|tokenizer|tokenizer_config"
            + "|special_tokens_map|added_tokens|vocab|chat_template|adapter_config|preprocessor_config)\\.json"
            + "|chat_template\\.jinja|merges\\.txt|tokenizer\\.model|README\\.md|LICENSE[^/]*|NOTICE[^/]*"
            + "|(?:model|adapter_model)[^/]*\\.safetensors|model\\.safetensors\\.index\\.json");

    /** Where the hub keeps what it has converted. */
    private static final String CONVERTED = "refs/convert/parquet";

    private final HubSettings settings;
    private final HubHttp http;

    public Hub(HubSettings settings) {
        this.settings = settings;
        this.http = new HubHttp(settings);
    }

    /**
     * The directory of a model: the cache's where it is there whole, without asking the hub; else fetched.
     *
     * @throws InputException when it cannot be had, with what to do
     */
    public Path model(HubRepo repo, HubProgress progress) {
        Optional<Path> cached = cachedModel(repo);
        boolean tokenizer = cached.filter(directory -> Files.exists(directory.resolve("tokenizer.json")))
                .isPresent(); // other tools may have fetched the weights alone
        if (cached.isPresent() && (tokenizer || settings.offline())) {
            return cached.get();
        }
        try {
            return pull(repo, progress);
        } catch (InputException e) {
            if (cached.isPresent() && e.getCause() instanceof HubHttp.Unreachable) {
                return cached.get();
            }
            throw e;
        }
    }

    /** A model whose config and weights the cache holds, at the commit that its revision was at when it was fetched. */
    public Optional<Path> cachedModel(HubRepo repo) {
        HubCache cache = HubCache.of(settings, repo);
        return cache.commit(repo.revision()).map(cache::snapshot).filter(Hub::hasConfigAndWeights);
    }

    /** Fetches a model at the commit that its revision is at now: only what is missing. */
    public Path pull(HubRepo repo, HubProgress progress) {
        Path directory = fetch(repo, file -> MODEL_FILES.matcher(file).matches(), progress);
        if (!Files.exists(directory.resolve("config.json"))) {
            throw new InputException(repo + " has no config.json: it is no model of transformers"
                    + (gguf(repo) ? ". It holds GGUF files: name one, or the repository that it was made from" : ""));
        }
        if (!hasWeights(directory)) {
            throw new InputException(
                    repo + " has no safetensors: its weights are in an older format, which can run code"
                            + " when read. Look for a revision or a copy of it with model.safetensors");
        }
        return directory;
    }

    /**
     * The Parquet files of a split: those that the repository holds under the hub's conventions
     * ({@code CONFIG/SPLIT-00000-of-00001.parquet}, {@code data/SPLIT-…}), else those that the hub has made of it.
     *
     * @param configuration such as {@code main} or {@code default}
     * @param split such as {@code train}
     */
    public List<Path> dataset(HubRepo repo, String configuration, String split, HubProgress progress) {
        String name = Pattern.quote(configuration);
        String part = Pattern.quote(split);
        Pattern own = Pattern.compile((configuration.equals("default") ? "(?:default/|data/|)" : name + "/") + part
                + "(?:-\\d+-of-\\d+)?(?:/[^/]+)?\\.parquet");
        Pattern converted = Pattern.compile(name + "/(?:partial-)?" + part + "/[^/]+\\.parquet");
        List<Path> parts = parts(repo, own, progress);
        if (parts.isEmpty()) {
            parts = made(repo) ? parts(repo.at(CONVERTED), converted, progress) : List.of();
        }
        if (!parts.isEmpty()) {
            return parts;
        }
        throw new InputException(repo + " has no Parquet file for configuration \"" + configuration + "\" and split \""
                + split + "\": " + settings.endpoint() + "/datasets/" + repo.id() + "/tree/" + repo.revision());
    }

    private List<Path> parts(HubRepo repo, Pattern files, HubProgress progress) {
        HubCache cache = HubCache.of(settings, repo);
        List<Path> cached = cache.commit(repo.revision())
                .map(cache::snapshot)
                .map(snapshot -> parts(snapshot, files))
                .orElse(List.of());
        return cached.isEmpty() ? parts(fetch(repo, file -> files.matcher(file).matches(), progress), files) : cached;
    }

    /** Whether the hub has made Parquet files of a dataset that has none itself. */
    private boolean made(HubRepo repo) {
        try {
            listing(repo.at(CONVERTED));
            return true;
        } catch (InputException | IOException e) {
            return false;
        }
    }

    private static List<Path> parts(Path snapshot, Pattern files) {
        if (!Files.isDirectory(snapshot)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(snapshot)) {
            return all.filter(path -> files.matcher(
                                    snapshot.relativize(path).toString().replace('\\', '/'))
                            .matches())
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new InputException(snapshot + ": cannot be listed: " + InputException.reason(e), e);
        }
    }

    private static boolean hasConfigAndWeights(Path directory) {
        return Files.exists(directory.resolve("config.json")) && hasWeights(directory);
    }

    private static boolean hasWeights(Path directory) {
        Path index = directory.resolve("model.safetensors.index.json");
        if (!Files.exists(index)) {
            return Files.exists(directory.resolve("model.safetensors"));
        }
        try {
            return JsonMapper.shared()
                    .readTree(Files.readString(index))
                    .path("weight_map")
                    .valueStream()
                    .map(JsonNode::asString)
                    .distinct()
                    .allMatch(shard -> Files.exists(directory.resolve(shard)));
        } catch (IOException | JacksonException e) {
            return false;
        }
    }

    private boolean gguf(HubRepo repo) {
        try {
            return listing(repo).files().stream().anyMatch(file -> file.endsWith(".gguf"));
        } catch (IOException e) {
            return false;
        }
    }

    /** What the hub says of a repository at a revision. */
    private record Listing(String commit, List<String> files) {}

    private Listing listing(HubRepo repo) throws IOException {
        URI address =
                http.address("api", repo.kind().plural(), repo.id(), "revision", HubHttp.oneSegment(repo.revision()));
        String body = http.send(repo, HttpRequest.newBuilder(address).build(), BodyHandlers.ofString(), true)
                .body();
        try {
            JsonNode json = JsonMapper.shared().readTree(body);
            String commit = json.path("sha").asString("");
            List<String> files = new ArrayList<>();
            for (JsonNode sibling : json.path("siblings")) {
                String file = sibling.path("rfilename").asString("");
                if (safe(file)) {
                    files.add(file);
                }
            }
            if (!commit.matches("[0-9a-f]{40}")) {
                throw new InputException(
                        settings.endpoint() + " does not answer as the hub does: no commit of " + repo);
            }
            return new Listing(commit, files);
        } catch (JacksonException e) {
            throw new InputException(
                    settings.endpoint() + " does not answer as the hub does: no JSON at " + address, e);
        }
    }

    /** A name from outside never leaves the folder that it belongs in. */
    private static boolean safe(String file) {
        return !file.isEmpty()
                && !file.startsWith("/")
                && !file.contains("\\")
                && !file.contains("\0")
                && Stream.of(file.split("/", -1))
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    }

    private Path fetch(HubRepo repo, Predicate<String> wanted, HubProgress progress) {
        HubCache cache = HubCache.of(settings, repo);
        if (settings.offline()) {
            throw new InputException(
                    repo + " is not in " + settings.cache() + ", or not whole, and HF_HUB_OFFLINE forbids"
                            + " to ask the hub. Unset it, or copy the model there");
        }
        try {
            Listing listing = listing(repo);
            List<HubBlob> missing = new ArrayList<>();
            List<HubBlob> all = new ArrayList<>();
            for (String file : listing.files().stream().filter(wanted).toList()) {
                HubBlob blob = blob(repo, listing.commit(), file);
                all.add(blob);
                if (!Files.exists(cache.blob(blob.etag()))) {
                    missing.add(blob);
                }
            }
            requireSpace(missing);
            for (HubBlob blob : missing) {
                blob.fetch(http, repo, cache, progress);
            }
            for (HubBlob blob : all) {
                cache.link(blob.etag(), listing.commit(), blob.file());
            }
            Path snapshot = cache.snapshot(listing.commit());
            Files.createDirectories(snapshot);
            cache.remember(repo.revision(), listing.commit());
            return snapshot;
        } catch (HubHttp.Unreachable e) {
            throw new InputException(
                    e.getMessage() + ", and " + repo + " is not whole in the cache at " + settings.cache()
                            + ". Is there a network? HF_ENDPOINT names another hub; what was fetched is kept",
                    e);
        } catch (IOException e) {
            throw new InputException(
                    repo + ": cannot be fetched: " + InputException.reason(e)
                            + ". What is there is kept; the same command continues",
                    e);
        }
    }

    private HubBlob blob(HubRepo repo, String commit, String file) throws IOException {
        HttpRequest head = HttpRequest.newBuilder(http.file(repo, commit, file))
                .method("HEAD", BodyPublishers.noBody())
                .header("Accept-Encoding", "identity") // or the size would be that of a compressed answer
                .build();
        HttpResponse<Void> response = http.send(repo, head, BodyHandlers.discarding(), false);
        String etag = response.headers()
                .firstValue("x-linked-etag")
                .or(() -> response.headers().firstValue("etag"))
                .map(text -> text.replaceFirst("^W/", "").replace("\"", ""))
                .orElse("");
        if (!etag.matches("[\\w.-]{1,200}") || etag.startsWith(".")) {
            throw new InputException(settings.endpoint() + " does not answer as the hub does: no ETag for " + file);
        }
        long size = response.headers()
                .firstValueAsLong("x-linked-size")
                .orElse(
                        response.statusCode() == 200
                                ? response.headers()
                                        .firstValueAsLong("content-length")
                                        .orElse(-1)
                                : -1);
        return new HubBlob(file, http.file(repo, commit, file), etag, size);
    }

    private void requireSpace(List<HubBlob> missing) throws IOException {
        long needed =
                missing.stream().mapToLong(blob -> Math.max(0, blob.size())).sum();
        if (needed == 0) {
            return;
        }
        Files.createDirectories(settings.cache());
        long free = Files.getFileStore(settings.cache()).getUsableSpace();
        if (free < needed) {
            throw new InputException(
                    "%s has %,d MB free, and %,d MB are to be fetched: make room, or set HF_HUB_CACHE to a"
                                    .formatted(settings.cache(), free >> 20, (needed >> 20) + 1)
                            + " folder on another disk");
        }
    }
}
