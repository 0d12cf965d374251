package cogent.studio.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a browser asks.
 *
 * @param path the segments of the address, each decoded by itself: a slash within one does not part it
 * @param named the segments that the route names
 * @param query the parameters after the question mark
 * @param form those of a form that was sent; a name may come several times
 * @param formKey what forms on the page answered must send as {@code key}
 */
public record Request(
        String method,
        List<String> path,
        Map<String, String> named,
        Map<String, List<String>> query,
        Map<String, List<String>> form,
        String formKey) {

    /** A segment that the route names. */
    public String segment(String name) {
        return Optional.ofNullable(named.get(name)).orElseThrow(() -> new IllegalArgumentException(name));
    }

    /** A parameter of the address; empty where it is missing. */
    public String query(String name) {
        return query.getOrDefault(name, List.of("")).getFirst();
    }

    /** A field of the form; empty where it is missing. */
    public String form(String name) {
        return form.getOrDefault(name, List.of("")).getFirst();
    }

    Request along(Map<String, String> segments) {
        return new Request(method, path, segments, query, form, formKey);
    }

    static List<String> path(String rawPath) {
        List<String> segments = new ArrayList<>();
        for (String segment : rawPath.split("/", -1)) {
            if (!segment.isEmpty()) {
                segments.add(decoded(segment.replace("+", "%2B")));
            }
        }
        return List.copyOf(segments);
    }

    static Map<String, List<String>> parameters(String encoded) {
        Map<String, List<String>> parameters = new TreeMap<>();
        for (String pair : encoded.split("&", -1)) {
            if (!pair.isEmpty()) {
                String[] parts = pair.split("=", 2);
                parameters
                        .computeIfAbsent(decoded(parts[0]), _ -> new ArrayList<>())
                        .add(parts.length == 2 ? decoded(parts[1]) : "");
            }
        }
        return parameters;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new RefusedRequest(400, "this address cannot be read");
        }
    }
}
