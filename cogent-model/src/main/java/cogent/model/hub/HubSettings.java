package cogent.model.hub;

import cogent.data.InputException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the hub and its cache are, told by the variables that Python's {@code huggingface_hub} reads: {@code HF_ENDPOINT},
 * {@code HF_HUB_CACHE}, {@code HF_HOME}, {@code HF_TOKEN}, {@code HF_HUB_OFFLINE}.
 *
 * @param token the user's; never shown
 * @param offline whether nothing may be asked of the network
 */
public record HubSettings(URI endpoint, Path cache, Optional<String> token, boolean offline) {
    private static final Set<String> YES = Set.of("1", "true", "yes", "on");

    /** As this process's environment has it. */
    public static HubSettings ofEnvironment() {
        return of(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    static HubSettings of(Map<String, String> variables, Path userHome) {
        Path cacheHome = given(variables, "XDG_CACHE_HOME").map(Path::of).orElse(userHome.resolve(".cache"));
        Path home = given(variables, "HF_HOME")
                .map(text -> expanded(text, userHome))
                .orElse(cacheHome.resolve("huggingface"));
        Path cache = given(variables, "HF_HUB_CACHE")
                .or(() -> given(variables, "HUGGINGFACE_HUB_CACHE"))
                .map(text -> expanded(text, userHome))
                .orElse(home.resolve("hub"));
        String endpoint = given(variables, "HF_ENDPOINT").orElse("https://huggingface.co");
        return new HubSettings(
                endpoint(endpoint),
                cache,
                given(variables, "HF_TOKEN")
                        .or(() -> given(variables, "HUGGING_FACE_HUB_TOKEN"))
                        .or(() -> saved(given(variables, "HF_TOKEN_PATH")
                                .map(text -> expanded(text, userHome))
                                .orElse(home.resolve("token"))))
                        .map(HubSettings::sound),
                given(variables, "HF_HUB_OFFLINE")
                        .or(() -> given(variables, "TRANSFORMERS_OFFLINE"))
                        .filter(text -> YES.contains(text.toLowerCase(Locale.ROOT)))
                        .isPresent());
    }

    private static URI endpoint(String text) {
        if (!text.matches("https?://[^\\s/?#]+[^\\s?#]*")) {
            throw new InputException("HF_ENDPOINT is \"" + text + "\", which is no http or https address");
        }
        return URI.create(text.replaceAll("/+$", ""));
    }

    private static Optional<String> given(Map<String, String> variables, String name) {
        return Optional.ofNullable(variables.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static Path expanded(String text, Path userHome) {
        return text.equals("~") || text.startsWith("~/")
                ? userHome.resolve(text.substring(1).replaceFirst("^/", ""))
                : Path.of(text);
    }

    /** A token without the ends of lines that copying leaves; one that no header can hold is not shown. */
    private static String sound(String token) {
        String one = token.replaceAll("[\\r\\n]", "");
        if (!one.matches("[!-~]+")) {
            throw new InputException(
                    "the token from HF_TOKEN or `hf auth login` holds blanks or letters that no token has:"
                            + " copy it again");
        }
        return one;
    }

    /** What {@code hf auth login} has left. */
    private static Optional<String> saved(Path file) {
        try {
            return Files.isRegularFile(file)
                    ? Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty())
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // as if nobody were logged in
        }
    }

    /** Without the token. */
    @Override
    public String toString() {
        return endpoint + " (cache " + cache + (token.isPresent() ? ", with a token" : "")
                + (offline ? ", offline" : "") + ")";
    }
}
