package cogent.pipeline.keys;

import cogent.data.InputException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Paths as a shell reads them: {@code ~} is the home folder, <code>${NAME}</code> a variable of the environment. */
final class Paths {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}");

    private Paths() {}

    /**
     * @param value a text, or a list or map of texts
     * @throws InputException when a variable is not set
     */
    static Object expanded(Object value) {
        return switch (value) {
            case List<?> list -> list.stream().map(Paths::expanded).toList();
            case Map<?, ?> map -> {
                Map<Object, Object> all = new LinkedHashMap<>();
                map.forEach((name, path) -> all.put(name, expanded(path)));
                yield all;
            }
            default -> path(value.toString());
        };
    }

    private static String path(String path) {
        boolean home = path.equals("~") || path.startsWith("~/");
        return VARIABLE.matcher(home ? System.getProperty("user.home") + path.substring(1) : path)
                .replaceAll(Paths::variable);
    }

    private static String variable(java.util.regex.MatchResult found) {
        String value = System.getenv(found.group(1));
        if (value == null) {
            throw new InputException("the environment variable " + found.group(1) + " is not set");
        }
        return Matcher.quoteReplacement(value);
    }
}
