package cogent.cli.terminal;

import cogent.model.tensor.Platform;
import cogent.pipeline.run.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says: which Cogent, of which commit, on which libtorch, Java and machine; what a report of a fault needs. */
public final class VersionText implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return lines().toArray(String[]::new);
    }

    /** The lines; loads no native library. */
    public static List<String> lines() {
        return List.of(
                "Cogent " + Version.NUMBER,
                "build     " + build(),
                "libtorch  " + Platform.described(),
                "java      " + Runtime.version() + ", " + System.getProperty("java.vm.name") + ", "
                        + System.getProperty("java.vendor"),
                "platform  " + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch"));
    }

    /** The commit and its day; where it was not built in a repository, the day of the release that it is or follows. */
    private static String build() {
        Properties build = new Properties();
        try (InputStream in = VersionText.class.getResourceAsStream("/cogent/cli/build.properties")) {
            build.load(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return build.getProperty("commit") + ", " + build.getProperty("date").replaceFirst("T.*", "");
    }
}
