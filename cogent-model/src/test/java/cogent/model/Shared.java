package cogent.model;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The folder of reference data beside the checkout; tests that want it are skipped where it is absent. */
public final class Shared {
    private Shared() {}

    public static Path resolve(String path) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path candidate = at.resolve("shared").resolve(path);
            if (Files.exists(candidate)) {
                return candidate;
            }
        }
        Assumptions.abort("no shared/" + path + " beside this checkout");
        throw new AssertionError();
    }
}
