package cogent.cli.terminal;

import cogent.pipeline.Shell;
import java.util.stream.Collectors;

/**
 * Long lines go on below, between words; a terminal would break them in the middle of one. A command that is to be copied is
 * left to the terminal, which copies it as the one line that it is.
 */
public final class Folding {
    private static final String INDENT = "      ";

    private Folding() {}

    /** As this terminal shows it best; the very text where none is looked at. */
    public static String here(String text) {
        return TerminalSize.isShown() ? of(text, TerminalSize.here().columns()) : text;
    }

    /** @param text whole lines */
    static String of(String text, int columns) {
        return TerminalWriter.shown(text)
                .lines()
                .map(line -> (line.contains(Shell.cogent() + " ") ? line : folded(line, columns)) + "\n")
                .collect(Collectors.joining());
    }

    private static String folded(String line, int columns) {
        boolean farRight = Columns.of(line) > columns && indentation(line) > columns / 2; // a table's last column
        String whole = farRight ? INDENT + line.strip() : line;
        String first = Columns.wrap(whole, columns).getFirst();
        String rest = whole.substring(first.length()).strip();
        return rest.isEmpty()
                ? first
                : first.stripTrailing()
                        + Columns.wrap(rest, columns - INDENT.length()).stream()
                                .map(next -> "\n" + INDENT + next.strip())
                                .collect(Collectors.joining());
    }

    private static int indentation(String line) {
        return line.length() - line.stripLeading().length();
    }
}
