package cogent.studio;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Asks a studio as a browser does, with its cookie. */
final class Browser {
    private static final Pattern KEY = Pattern.compile("name=\"key\" value=\"([^\"]+)\"");

    private final URI address;
    private final HttpClient client;

    private Browser(URI address, HttpClient client) {
        this.address = address;
        this.client = client;
    }

    /** Has opened the address that the terminal printed. */
    static Browser of(Studio studio) throws IOException, InterruptedException {
        Browser browser = stranger(studio);
        browser.client.send(HttpRequest.newBuilder(studio.address()).build(), BodyHandlers.ofString());
        return browser;
    }

    /** Knows the port and no key. */
    static Browser stranger(Studio studio) {
        return new Browser(
                studio.address(),
                HttpClient.newBuilder()
                        .cookieHandler(new CookieManager())
                        .followRedirects(HttpClient.Redirect.NORMAL)
                        .build());
    }

    HttpResponse<String> ask(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(address.resolve(path)).build(), BodyHandlers.ofString(UTF_8));
    }

    String page(String path) throws IOException, InterruptedException {
        return ask(path).body();
    }

    /** Sends the form of a page, with the key that the page holds. */
    HttpResponse<String> send(String page, String path, Map<String, String> fields)
            throws IOException, InterruptedException {
        Matcher key = KEY.matcher(page(page));
        String form = fields.entrySet().stream()
                .map(f -> f.getKey() + "=" + URLEncoder.encode(f.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
        return post(path, form + (key.find() ? "&key=" + key.group(1) : ""), Map.of());
    }

    HttpResponse<String> post(String path, String form, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form));
        headers.forEach(request::header);
        return client.send(request.build(), BodyHandlers.ofString(UTF_8));
    }

    /** A request as it is written: clients of good manners send neither another Host nor a path with dots. */
    String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort())) {
            socket.getOutputStream().write(request.getBytes(UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    int port() {
        return address.getPort();
    }
}
