package cogent.cli.terminal;

import java.util.stream.Collectors;

/** Long lines go on below, between words; a terminal would break them in the middle of one. */
public final class Folding {
    private static final String INDENT = "      ";

    private Folding() {}

    /** As this terminal shows it best; the very text where none is looked at. */
    public static String here(String text) {
        return ProgressLine.isTerminal() ? of(text, TerminalSize.here().columns()) : text;
    }

    /** @param text whole lines */
    static String of(String text, int columns) {
        return text.lines().map(line -> folded(line, columns) + "\n").collect(Collectors.joining());
    }

    private static String folded(String line, int columns) {
        StringBuilder lines = new StringBuilder();
        boolean farRight = Columns.of(line) > columns && indentation(line) > columns / 2; // a table's last column
        String rest = farRight ? INDENT + line.strip() : line;
        while (Columns.of(rest) > columns) {
            int end = lastSpace(rest, columns);
            if (end < 0) {
                break;
            }
            lines.append(rest.substring(0, end).stripTrailing()).append('\n');
            rest = INDENT + rest.substring(end).strip();
        }
        return lines.append(rest).toString();
    }

    /** The last space within so many columns, else the first one behind a word that is longer; -1 where there is none. */
    private static int lastSpace(String line, int columns) {
        int found = line.indexOf(' ', indentation(line));
        int next = found;
        while (next >= 0 && Columns.of(line.substring(0, next)) <= columns) {
            found = next;
            next = line.indexOf(' ', next + 1);
        }
        return found;
    }

    private static int indentation(String line) {
        return line.length() - line.stripLeading().length();
    }
}
