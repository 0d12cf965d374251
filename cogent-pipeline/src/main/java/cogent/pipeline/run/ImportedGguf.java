package cogent.pipeline.run;

import static java.nio.charset.StandardCharsets.US_ASCII;

import cogent.data.InputException;
import cogent.data.Sha256;
import cogent.model.gguf.GgufImport;
import cogent.model.gguf.Pieces;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * GGUF files that recipes name as models, made into Hugging Face directories once and kept in the user's cache
 * ({@code XDG_CACHE_HOME}, else {@code ~/.cache}).
 */
final class ImportedGguf {
    private static final int HASH_LENGTH = 12;

    private final Path cache;

    ImportedGguf(Path cache) {
        this.cache = cache;
    }

    static ImportedGguf ofEnvironment() {
        return new ImportedGguf(userCache().resolve("gguf"));
    }

    /** Where what was made of the user's files is kept. */
    static Path userCache() {
        Path home = Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .filter(text -> !text.isBlank())
                .map(Path::of)
                .orElse(Path.of(System.getProperty("user.home"), ".cache"));
        return home.resolve("cogent");
    }

    /** By its first bytes: Ollama keeps such files under names without an ending. */
    static boolean is(Path path) {
        if (!Files.isRegularFile(path)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(path)) {
            return new String(in.readNBytes(4), US_ASCII).equals("GGUF");
        } catch (IOException e) {
            return false; // whoever opens it will tell
        }
    }

    /**
     * The directory that the file was made into, or is now.
     *
     * @param progress told of the bytes written so far, where it has to be made
     * @throws InputException when the file is no model that can be computed with here
     */
    Path directory(Path file, LongConsumer progress) {
        try {
            Path directory = cache.resolve(name(file));
            synchronized (ImportedGguf.class) {
                if (!Files.isDirectory(directory)) {
                    make(file, directory, progress);
                }
            }
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(cache + ": cannot be written", e);
        }
    }

    private static void make(Path file, Path directory, LongConsumer progress) throws IOException {
        try {
            GgufImport.write(file, directory, progress);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(directory)) { // else another process was quicker, with the same bytes
                throw e;
            }
        }
    }

    /** The file's own name, and which file of that name it is: by where it and its pieces lie, how long they are and when written. */
    private static String name(Path file) throws IOException {
        StringBuilder which = new StringBuilder();
        for (Path piece : Pieces.of(file)) {
            if (Files.exists(piece)) { // whoever opens it will tell
                Path real = piece.toRealPath();
                which.append(real + " " + Files.size(real) + " " + Files.getLastModifiedTime(real));
            }
        }
        String hash = Sha256.hex(which.toString());
        String name = file.getFileName().toString();
        return (name.endsWith(".gguf") ? name.substring(0, name.length() - ".gguf".length()) : name) + "-"
                + hash.substring(0, HASH_LENGTH);
    }
}
