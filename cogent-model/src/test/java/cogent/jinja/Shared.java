package cogent.jinja;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The folder of reference data beside the checkout; a test that needs it is skipped where it is not there. */
public final class Shared {
    private Shared() {}

    public static Path path(String relative) {
        for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
            Path found = up.resolve("shared").resolve(relative);
            if (Files.exists(found)) {
                return found;
            }
        }
        Assumptions.abort("no ../shared/" + relative + " here");
        throw new AssertionError();
    }
}
