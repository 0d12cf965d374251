package cogent.model.hf;

import cogent.data.InputException;
import cogent.data.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The hashes of a folder's large files in its {@code SHA256SUMS}, as {@code sha256sum} writes and {@code sha256sum -c}
 * checks them: a disk or a copy that changed a bit makes a model that looks whole and answers worse.
 */
public final class Checksums {
    public static final String FILE = "SHA256SUMS";

    private static final Pattern LINE = Pattern.compile("(\\p{XDigit}{64}) [ *]([^/\\x00]+)");

    private Checksums() {}

    /** Writes the hashes of all files that lie in the folder and end so. */
    public static void write(Path folder, String suffix) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(suffix))
                    .sorted()
                    .toList()) {
                lines.add(Sha256.hex(file) + "  " + file.getFileName());
            }
        }
        Files.write(folder.resolve(FILE), lines);
    }

    /** Whether the folder has hashes to hold its files against. */
    public static boolean in(Path folder) {
        return Files.isRegularFile(folder.resolve(FILE));
    }

    /**
     * What is not as it was written, such as {@code weights.safetensors has changed}, and weights that the list does not name;
     * empty when all is whole.
     *
     * @throws InputException when there are no hashes, or they cannot be read
     */
    public static List<String> damage(Path folder) {
        List<String> damage = new ArrayList<>();
        try {
            Set<Path> unnamed = weights(folder);
            for (String line : Files.readAllLines(folder.resolve(FILE))) {
                Matcher hash = LINE.matcher(line);
                Path file = folder.resolve(hash.matches() ? hash.group(2) : "");
                unnamed.remove(file);
                if (!folder.equals(file.getParent())) {
                    damage.add(FILE + " is no list of hashes: " + line);
                } else if (!Files.isRegularFile(file)) {
                    damage.add(file.getFileName() + " is missing");
                } else if (!Sha256.hex(file).equals(hash.group(1))) {
                    damage.add(file.getFileName() + " has changed since it was written");
                }
            }
            unnamed.forEach(file -> damage.add(file.getFileName() + " is not named in " + FILE));
        } catch (IOException e) {
            throw new InputException(folder.resolve(FILE) + ": cannot be read (" + InputException.reason(e) + ")", e);
        }
        return damage;
    }

    private static Set<Path> weights(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".safetensors"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
