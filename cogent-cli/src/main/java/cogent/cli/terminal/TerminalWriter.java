package cogent.cli.terminal;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Locale;

/**
 * Shows texts to people. Characters that a terminal would obey stand as JSON would write them, {@code \u001b}: problems,
 * replies and paths of others may hold any, and what is JSON stays the same data.
 */
public final class TerminalWriter extends PrintWriter {
    private final PrintWriter terminal;

    public TerminalWriter(PrintWriter terminal) {
        super(new Shown(terminal), true);
        this.terminal = terminal;
    }

    /** Takes back so many rows of the terminal behind {@code out}. */
    static void erase(PrintWriter out, int rows) {
        PrintWriter terminal = out instanceof TerminalWriter shown ? shown.terminal : out;
        terminal.print("\r\u001b[" + rows + "A\u001b[J");
    }

    /** A text as it is shown. */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean lineEnd = c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n';
            shown.append(lineEnd || !isObeyed(c) ? c : String.format(Locale.ROOT, "\\u%04x", (int) c));
        }
        return shown.toString();
    }

    /** Controls but for the ends of lines and tabs, and what turns the direction of all that follows (UAX 9). */
    private static boolean isObeyed(char c) {
        return (Character.isISOControl(c) && c != '\n' && c != '\t')
                || (c >= '\u202a' && c <= '\u202e')
                || (c >= '\u2066' && c <= '\u2069');
    }

    private static final class Shown extends FilterWriter {
        Shown(Writer terminal) {
            super(terminal);
        }

        @Override
        public void write(int c) throws IOException {
            out.write(shown(String.valueOf((char) c)));
        }

        @Override
        public void write(char[] text, int from, int length) throws IOException {
            out.write(shown(new String(text, from, length)));
        }

        @Override
        public void write(String text, int from, int length) throws IOException {
            out.write(shown(text.substring(from, from + length)));
        }
    }
}
