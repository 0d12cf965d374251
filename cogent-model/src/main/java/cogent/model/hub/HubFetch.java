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
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Files of a repository, from the hub into the cache. */
final class HubFetch {
    private final HubSettings settings;
    private final HubHttp http;

    HubFetch(HubSettings settings) {
        this.settings = settings;
        this.http = new HubHttp(settings);
    }

    /** What a repository holds at a revision. */
    List<String> names(HubRepo repo) {
        try {
            return listing(repo).files();
        } catch (IOException e) {
            throw failed(repo, e);
        }
    }

    /** Whether the hub has a revision. */
    boolean exists(HubRepo repo) {
        try {
            return http.send(
                                    repo,
                                    HttpRequest.newBuilder(listed(repo)).build(),
                                    BodyHandlers.discarding(),
                                    true,
                                    Set.of(404))
                            .statusCode()
                    != 404;
        } catch (IOException e) {
            throw failed(repo, e);
        }
    }

    /** What the hub says of a repository at a revision. */
    private record Listing(String commit, List<String> files) {}

    private URI listed(HubRepo repo) {
        return http.address("api", repo.kind().plural(), repo.id(), "revision", HubHttp.oneSegment(repo.revision()));
    }

    private Listing listing(HubRepo repo) throws IOException {
        URI address = listed(repo);
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

    /**
     * The files that are wanted, at the commit that the revision is at now: only what is missing.
     *
     * @return the commit's folder in the cache, which may hold other files too
     * @throws InputException when they cannot be had, with what to do
     */
    Path files(HubRepo repo, Predicate<String> wanted, HubProgress progress) {
        HubCache cache = HubCache.of(settings, repo);
        if (settings.offline()) {
            throw new InputException(repo + " is not in " + settings.cache()
                    + ", or not whole, and HF_HUB_OFFLINE forbids to ask the hub. Unset it, or copy it there");
        }
        try {
            Listing listing = listing(repo);
            List<HubBlob> missing = new ArrayList<>();
            List<HubBlob> all = new ArrayList<>();
            Path snapshot = cache.snapshot(listing.commit());
            for (String file : listing.files().stream()
                    .filter(wanted)
                    .filter(name -> !Files.exists(snapshot.resolve(name))) // what a commit holds never changes
                    .toList()) {
                HubBlob blob = blob(repo, listing.commit(), file);
                all.add(blob);
                if (!Files.exists(cache.blob(blob.etag()))) {
                    missing.add(blob);
                }
            }
            requireSpace(missing, cache);
            for (HubBlob blob : missing) {
                blob.fetch(http, repo, cache, progress);
            }
            for (HubBlob blob : all) {
                cache.link(blob.etag(), listing.commit(), blob.file());
            }
            Files.createDirectories(snapshot);
            cache.remember(repo.revision(), listing.commit());
            return snapshot;
        } catch (IOException e) {
            throw failed(repo, e);
        }
    }

    private InputException failed(HubRepo repo, IOException cause) {
        return switch (cause) {
            case HubUnreachable e ->
                new InputException(
                        e.getMessage() + ", and " + repo + " is not whole in the cache at " + settings.cache() + ". "
                                + e.advice() + "; what was fetched is kept",
                        e);
            case IOException e
            when HubBlob.full(e) ->
                new InputException(
                        repo + ": the cache at " + settings.cache() + " cannot be written (" + InputException.reason(e)
                                + "). Make room, or set HF_HUB_CACHE to another folder; what was fetched is kept",
                        e);
            default ->
                new InputException(
                        repo + ": " + InputException.reason(cause)
                                + ". What was fetched is kept; the same command continues",
                        cause);
        };
    }

    private HubBlob blob(HubRepo repo, String commit, String file) throws IOException {
        HttpRequest head = HttpRequest.newBuilder(http.file(repo, commit, file))
                .method("HEAD", BodyPublishers.noBody())
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

    private void requireSpace(List<HubBlob> missing, HubCache cache) throws IOException {
        long needed = 0;
        for (HubBlob blob : missing) {
            needed += Math.max(0, blob.size() - blob.fetched(cache));
        }
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
