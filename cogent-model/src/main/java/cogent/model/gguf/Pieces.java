package cogent.model.gguf;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The files that llama.cpp's {@code llama-gguf-split} cuts a model into: {@code NAME-00001-of-00003.gguf} and so on, side by side. */
public final class Pieces {
    private static final Pattern NAME =
            Pattern.compile("(.*-)(\\d{5})(-of-)(\\d{5})(\\.gguf)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private Pieces() {}

    /** All pieces of the model that a file's name says it is a piece of, in order; the file alone where it says nothing of that. */
    public static List<String> of(String file) {
        Matcher name = NAME.matcher(file);
        if (!name.matches() || Integer.parseInt(name.group(4)) == 0) {
            return List.of(file);
        }
        return IntStream.rangeClosed(1, Integer.parseInt(name.group(4)))
                .mapToObj(i -> name.group(1) + "%05d".formatted(i) + name.group(3) + name.group(4) + name.group(5))
                .toList();
    }

    /** The same of a file on the disk. */
    public static List<Path> of(Path file) {
        return of(String.valueOf(file.getFileName())).stream()
                .map(file::resolveSibling)
                .toList();
    }
}
