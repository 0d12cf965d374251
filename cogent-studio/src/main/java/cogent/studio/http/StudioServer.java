package cogent.studio.http;

import cogent.data.InputException;
import cogent.studio.html.Layout;
import cogent.studio.html.SafeHtml;
import cogent.studio.html.Url;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves routes to the browser of whoever started it, and to nobody else. */
public final class StudioServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StudioServer.class);
    private static final int FORM_BYTES = 4 << 20;

    /** Nothing but what this server sends; no script and no style within a page. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
                    + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final HttpServer server;
    /** Platform threads: plans and chats compute with tensors, which need them. */
    private final ExecutorService threads = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("studio ", 0).factory());

    private final PageKeys access;
    private final List<Route> routes;

    private StudioServer(HttpServer server, List<Route> routes) {
        this.server = server;
        this.access = PageKeys.random(server.getAddress().getPort());
        this.routes = List.copyOf(routes);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
    }

    /**
     * Serves this machine only.
     *
     * @param port 0: any free one
     * @throws InputException when the port cannot be had
     */
    public static StudioServer start(int port, List<Route> routes) {
        try {
            InetAddress local = InetAddress.getByAddress("127.0.0.1", new byte[] {127, 0, 0, 1});
            var server = new StudioServer(HttpServer.create(new InetSocketAddress(local, port), 64), routes);
            server.server.start();
            return server;
        } catch (IOException e) {
            throw new InputException("cannot serve at 127.0.0.1:" + port + ". Is the port taken? Choose another.", e);
        }
    }

    /** The address that opens the pages; it holds the key. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/?key=" + access.key());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Reply reply;
            try {
                reply = answer(exchange);
            } catch (RefusedRequest e) {
                reply = problem(exchange, e.status, String.valueOf(e.getMessage()));
            } catch (InputException e) {
                reply = problem(exchange, 422, String.valueOf(e.getMessage()));
            } catch (RuntimeException | IOException e) {
                LOG.warn("a page failed", e);
                String what = e.getClass().getSimpleName();
                reply = problem(exchange, 500, "this page failed: " + what + ". The run is not touched.");
            }
            send(exchange, reply);
        }
    }

    private Reply answer(HttpExchange exchange) throws IOException {
        Headers headers = exchange.getRequestHeaders();
        if (!access.isOurs(headers.getFirst("Host"))) {
            throw new RefusedRequest(421, "this address is not the studio's");
        }
        URI uri = exchange.getRequestURI();
        List<String> path = Request.path(uri.getRawPath());
        Map<String, List<String>> query = Request.parameters(uri.getRawQuery() == null ? "" : uri.getRawQuery());
        if (access.opens(query.getOrDefault("key", List.of("")).getFirst())) {
            return Reply.letIn(path, access.setCookie());
        }
        if (!access.opensWith(headers.getFirst("Cookie"))) {
            throw new RefusedRequest(
                    401, "Open the address that `cogent studio` printed: it holds the key to these pages.");
        }
        String method = exchange.getRequestMethod();
        Map<String, List<String>> form = method.equals("POST") ? form(exchange) : Map.of();
        return route(new Request(method, path, Map.of(), query, form, access.formKey()));
    }

    private Map<String, List<String>> form(HttpExchange exchange) throws IOException {
        byte[] bytes = exchange.getRequestBody().readNBytes(FORM_BYTES + 1);
        if (bytes.length > FORM_BYTES) {
            throw new RefusedRequest(413, "a form may have 4 MiB at most");
        }
        Map<String, List<String>> form = Request.parameters(new String(bytes, StandardCharsets.UTF_8));
        if (access.isForeign(exchange.getRequestHeaders().getFirst("Origin"))
                || !access.mayChange(form.getOrDefault("key", List.of("")).getFirst())) {
            throw new RefusedRequest(
                    403, "this form is of no page of this studio: load the page again and send it anew");
        }
        return form;
    }

    private Reply route(Request request) throws IOException {
        boolean known = false;
        for (Route route : routes) {
            var named = route.match(request.path());
            if (named.isPresent()) {
                known = true;
                if (route.method().equals(request.method())) {
                    return route.handler().answer(request.along(named.get()));
                }
            }
        }
        throw known
                ? new RefusedRequest(405, "not by " + request.method())
                : RefusedRequest.notFound("there is no such page");
    }

    private static Reply problem(HttpExchange exchange, int status, String message) {
        SafeHtml said = SafeHtml.of(
                "<p>{}</p>{}", message, isStranger(status) ? SafeHtml.NONE : back(exchange.getRequestURI()));
        return Reply.page(
                status,
                switch (status) {
                    case 401, 421 -> Layout.bare("Cogent", SafeHtml.of("<main><h1>Cogent</h1>{}</main>", said));
                    case 404 -> Layout.top("Not found", said);
                    case 422 -> Layout.top("Not possible", said);
                    case 500 -> Layout.top("Something failed", said);
                    default -> Layout.top("Refused", said);
                });
    }

    /** Who does not have the key, or calls this machine by another name, learns nothing of the runs. */
    private static boolean isStranger(int status) {
        return status == 401 || status == 421;
    }

    /** From what is not there within a run to what is. */
    private static SafeHtml back(URI asked) {
        String[] path = String.valueOf(asked.getPath()).split("/", -1); // "", "run", its name, what of it
        if (path.length < 4 || !path[1].equals("run")) {
            return SafeHtml.NONE;
        }
        return SafeHtml.of(
                "<p class=\"pages\"><a href=\"{}\">The run {}</a> <a href=\"{}\">Its samples</a></p>",
                Url.of("run", path[2]),
                path[2],
                Url.of("run", path[2], "samples"));
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", reply.type());
        headers.set("Content-Security-Policy", POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "same-origin");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Cache-Control", "no-store");
        reply.headers().forEach(headers::set);
        try {
            exchange.sendResponseHeaders(reply.status(), reply.length());
            reply.body().write(exchange.getResponseBody());
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("the browser went away", e);
        }
    }
}
