package cogent.studio.html;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Addresses within the studio. */
public final class Url {
    private Url() {}

    /** Such as {@code /run/quickstart/samples}; every segment is encoded. */
    public static String of(String... segments) {
        return Stream.of(segments).map(Url::encoded).collect(Collectors.joining("/", "/", ""));
    }

    /** With parameters; those that are empty are left out. */
    public static String with(String address, Map<String, String> parameters) {
        String query = parameters.entrySet().stream()
                .filter(p -> !p.getValue().isEmpty())
                .map(p -> encoded(p.getKey()) + "=" + encoded(p.getValue()))
                .collect(Collectors.joining("&"));
        return query.isEmpty() ? address : address + "?" + query;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
