package cogent.studio.http;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which requests a handler answers.
 *
 * @param template the segments of the address; {@code {name}} takes any one
 */
public record Route(String method, List<String> template, Handler handler) {
    /** Answers a request. */
    @FunctionalInterface
    public interface Handler {
        Reply answer(Request request) throws IOException;
    }

    public static Route get(String template, Handler handler) {
        return new Route("GET", Request.path(template), handler);
    }

    public static Route post(String template, Handler handler) {
        return new Route("POST", Request.path(template), handler);
    }

    /** The segments that the template names; empty where the address is not of its form. */
    Optional<Map<String, String>> match(List<String> path) {
        if (path.size() != template.size()) {
            return Optional.empty();
        }
        Map<String, String> named = new HashMap<>();
        for (int i = 0; i < path.size(); i++) {
            String part = template.get(i);
            if (part.startsWith("{")) {
                named.put(part.substring(1, part.length() - 1), path.get(i));
            } else if (!part.equals(path.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(named);
    }
}
