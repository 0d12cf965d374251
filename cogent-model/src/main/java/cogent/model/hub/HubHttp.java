package cogent.model.hub;

import cogent.data.InputException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Requests to the hub and what its refusals mean. Redirects are followed here: the token goes to the hub's own host alone,
 * never to the storage that it points to.
 */
final class HubHttp {
    private static final Duration CONNECT = Duration.ofSeconds(15);
    private static final Duration HEADERS = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TRIES = 5;
    private static final int REDIRECTS = 10;

    /** Stands for a slash within a part; no name of the hub can hold it. */
    private static final String SLASH = "\u0001";

    private static final String ESCAPED_SLASH = "%01";

    private static final Pattern SECONDS = Pattern.compile("(?:.*;\\s*t=)?(\\d{1,9})(?:\\s*;.*)?");

    private final HubSettings settings;
    private @Nullable HttpClient client;

    HubHttp(HubSettings settings) {
        this.settings = settings;
    }

    /** An address of the hub; every part is escaped, slashes in it stay. */
    URI address(String... parts) {
        return URI.create(settings.endpoint() + "/"
                + Arrays.stream(parts).map(HubHttp::escaped).collect(Collectors.joining("/")));
    }

    private static String escaped(String part) {
        return Arrays.stream(part.split("/"))
                .map(text -> URLEncoder.encode(text, StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace(ESCAPED_SLASH, "%2F"))
                .collect(Collectors.joining("/"));
    }

    /** A part whose slashes are no separators, as the revision {@code refs/convert/parquet}. */
    static String oneSegment(String part) {
        return part.replace("/", SLASH);
    }

    /** Where a file of a repository is had. */
    URI file(HubRepo repo, String commit, String file) {
        return repo.kind() == HubRepo.Kind.MODEL
                ? address(repo.id(), "resolve", commit, file)
                : address(repo.kind().plural(), repo.id(), "resolve", commit, file);
    }

    /** The page of a repository, for people. */
    String page(HubRepo repo) {
        return settings.endpoint() + "/" + (repo.kind() == HubRepo.Kind.DATASET ? "datasets/" : "") + repo.id();
    }

    /**
     * Sends a request, again where that may help; the answer is of the 200s, or of the 300s for a request that wants no
     * redirect followed.
     *
     * @param request its address and method; headers and body as they are
     * @param follow whether an answer of the 300s is followed
     * @throws InputException when the hub refuses, with what to do
     * @throws HubUnreachable when there is no hub, or it is too busy
     */
    <T> HttpResponse<T> send(HubRepo repo, HttpRequest request, BodyHandler<T> body, boolean follow)
            throws IOException {
        return send(repo, request, body, follow, Set.of());
    }

    /** @param expected statuses of the 400s that are an answer too */
    <T> HttpResponse<T> send(
            HubRepo repo, HttpRequest request, BodyHandler<T> body, boolean follow, Set<Integer> expected)
            throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                HttpResponse<T> response = followed(request, body, follow);
                int status = response.statusCode();
                if (status < 400 || expected.contains(status)) {
                    return response;
                }
                if (status != 429 && status < 500) {
                    throw refusal(repo, response);
                }
                OptionalLong after = asked(response);
                long seconds = after.orElse(attempt);
                if (attempt == TRIES || seconds > PATIENCE.toSeconds()) {
                    throw HubUnreachable.busy(
                            host(response.uri()),
                            status,
                            after,
                            settings.token().isPresent());
                }
                pause(seconds);
            } catch (HubUnreachable e) {
                throw e;
            } catch (IOException e) {
                boolean hopeless = e instanceof ConnectException
                        || e instanceof HttpConnectTimeoutException
                        || e instanceof SSLException;
                if (hopeless || attempt == (e instanceof HttpTimeoutException ? 2 : TRIES)) {
                    throw HubUnreachable.noConnection(host(request.uri()), e);
                }
                pause(attempt);
            }
        }
    }

    /** The seconds to wait that an answer asks for: {@code Retry-After: 9}, or the hub's {@code RateLimit: "api";r=0;t=9}. */
    private static OptionalLong asked(HttpResponse<?> response) {
        return Stream.of("retry-after", "ratelimit")
                .flatMap(name -> response.headers().allValues(name).stream())
                .map(SECONDS::matcher)
                .filter(Matcher::matches)
                .mapToLong(after -> Long.parseLong(after.group(1)))
                .findFirst();
    }

    private static String host(URI address) {
        return address.getScheme() + "://" + address.getAuthority();
    }

    private <T> HttpResponse<T> followed(HttpRequest request, BodyHandler<T> body, boolean follow) throws IOException {
        URI address = request.uri();
        for (int i = 0; i < REDIRECTS; i++) {
            HttpRequest.Builder sent = HttpRequest.newBuilder(request, (_, _) -> true)
                    .uri(address)
                    .setHeader("User-Agent", "cogent")
                    .setHeader("Accept-Encoding", "identity") // without it a server may pack what is hashed and counted
                    .timeout(patience(request));
            ProxyLogin.of(address).ifPresent(login -> sent.setHeader("Proxy-Authorization", login));
            if (isHub(address)) {
                settings.token().ifPresent(token -> sent.setHeader("Authorization", "Bearer " + token));
            }
            HttpResponse<T> response = exchange(sent.build(), body);
            String location = response.headers().firstValue("location").orElse("");
            if (response.statusCode() / 100 != 3 || location.isEmpty()) {
                return response;
            }
            URI next = address.resolve(location);
            // a renamed repository is followed always: the hub itself answers under the new name
            if (!follow && !isHub(next) && response.headers().firstValue("etag").isPresent()) {
                return response;
            }
            address = next;
        }
        throw new IOException("redirected in a circle");
    }

    /** How long an answer is awaited: what is sent goes up in that time too, at 64 KiB a second or faster. */
    static Duration patience(HttpRequest request) {
        long bytes = request.bodyPublisher().map(BodyPublisher::contentLength).orElse(0L);
        return HEADERS.plusSeconds(Math.max(0, bytes) >> 16);
    }

    private boolean isHub(URI address) {
        return host(settings.endpoint()).equalsIgnoreCase(host(address));
    }

    /** Made for the first request: it has a thread of its own, and most who ask the hub find all in its cache. */
    private synchronized HttpClient client() {
        HttpClient made = client == null
                ? HttpClient.newBuilder()
                        .connectTimeout(CONNECT)
                        .followRedirects(Redirect.NEVER)
                        .build()
                : client;
        client = made;
        return made;
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, BodyHandler<T> body) throws IOException {
        try {
            return client().send(request, body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void pause(long seconds) throws IOException {
        try {
            Thread.sleep(Duration.ofSeconds(seconds));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private InputException refusal(HubRepo repo, HttpResponse<?> response) {
        if (response.statusCode() == HttpURLConnection.HTTP_PROXY_AUTH) {
            return new InputException("the proxy before " + host(response.uri())
                    + " asks for a name and a password, or does not take the given ones: they stand in HTTPS_PROXY or"
                    + " HTTP_PROXY, as http://NAME:PASSWORD@HOST:PORT, with %40 for an @ in them");
        }
        if (!isHub(response.uri())) {
            return new InputException(
                    repo + ": " + host(response.uri()) + ", where the hub keeps its files, refuses with status "
                            + response.statusCode() + ". Run this again; if it stays, a firewall may stand between");
        }
        String page = page(repo);
        String code = response.headers().firstValue("x-error-code").orElse("");
        String login = settings.token().isPresent()
                ? "the token in use does not suffice"
                : "no token is set: `hf auth login`, or HF_TOKEN";
        if (code.isEmpty() && response.statusCode() == 401 && settings.token().isPresent()) {
            return new InputException(settings.endpoint() + " does not take the token in use: is it whole, and still"
                    + " valid? It comes from HF_TOKEN, else from `hf auth login`");
        }
        return new InputException(
                switch (code) {
                    case "GatedRepo" ->
                        repo + " is gated: accept its conditions at " + page
                                + " with your account, then run this again (" + login + ")";
                    case "RevisionNotFound" ->
                        repo.id() + " has no revision \"" + repo.revision() + "\": " + page + " shows them";
                    case "EntryNotFound" -> repo + ": the hub has no such file: " + response.uri();
                    case "RepoNotFound" -> missing(repo, page, login);
                    default ->
                        switch (response.statusCode()) {
                            case 401, 404 -> missing(repo, page, login);
                            case 403 -> repo + ": the hub forbids it" + said(response) + " (" + login + "): " + page;
                            case 412 ->
                                repo + ": somebody else has changed it meanwhile" + said(response)
                                        + ". The same command tries again";
                            default ->
                                repo + ": the hub refuses with status " + response.statusCode() + said(response)
                                        + " at " + response.uri();
                        };
                });
    }

    /** The hub's own reason, which is meant for people. */
    private static String said(HttpResponse<?> response) {
        return response.headers()
                .firstValue("x-error-message")
                .map(text -> ", \"" + text.replaceAll("\\p{Cntrl}", " ").strip() + "\"")
                .orElse("");
    }

    private static String missing(HubRepo repo, String page, String login) {
        return "no " + repo.kind().name().toLowerCase(Locale.ROOT) + " \"" + repo.id()
                + "\" on the hub, or it is private (" + login + "): " + page;
    }
}
