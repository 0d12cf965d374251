package cogent.cli.natives;

import cogent.data.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A jar with native libraries, as a line of {@code natives.txt} names it.
 *
 * @param sha256 of its bytes, in lower-case hexadecimal
 * @param path in a Maven repository
 */
record NativeJar(String sha256, String path) {
    NativeJar {
        if (!sha256.matches("[0-9a-f]{64}") || path.startsWith("/") || path.contains("..")) {
            throw new InputException(
                    "natives.txt is damaged (\"" + sha256 + " " + path + "\"): unpack the archive anew");
        }
    }

    /** The lines of a list. */
    static List<NativeJar> list(Path file) {
        try {
            return Files.readAllLines(file).stream().map(NativeJar::of).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read", e);
        }
    }

    private static NativeJar of(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != 2) {
            throw new InputException("natives.txt is damaged (\"" + line + "\"): unpack the archive anew");
        }
        return new NativeJar(words[0], words[1]);
    }

    /** The file's name. */
    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
