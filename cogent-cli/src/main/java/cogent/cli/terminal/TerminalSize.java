package cogent.cli.terminal;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How much a terminal shows: a table that renews itself must not wrap or scroll. */
public record TerminalSize(int rows, int columns) {
    static final TerminalSize USUAL = new TerminalSize(24, 80);

    /** Whether somebody looks at what is told on the way, which goes to stderr, in a terminal that can renew lines. */
    public static boolean isLive() {
        return isTerminal("[ -t 2 ]") && !"dumb".equals(System.getenv("TERM"));
    }

    /** Whether results, which go to stdout, are looked at here. */
    static boolean isShown() {
        return isTerminal("[ -t 1 ]");
    }

    /** Whether this process belongs to a terminal, which then sends Ctrl-C to all that belong to it. */
    static boolean isAttached() {
        return isTerminal("[ -t 0 ] || [ -t 1 ] || [ -t 2 ]");
    }

    /** Asked of a shell: Java's console is one only where both stdin and stdout are, and knows nothing of stderr. */
    private static boolean isTerminal(String test) {
        try {
            return new ProcessBuilder("sh", "-c", test).inheritIO().start().waitFor() == 0;
        } catch (IOException e) { // no shell, as on Windows
            return Optional.ofNullable(System.console())
                    .map(Console::isTerminal)
                    .orElse(false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** For results: as wide as the terminal that shows them, within these bounds; the most where none does. */
    public static int columns(int least, int most) {
        return isShown() ? Math.clamp(here().columns(), least, most) : most;
    }

    /** Of the terminal of this process, as {@code stty} tells it; the usual size where nothing does. */
    static TerminalSize here() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return of(new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return USUAL;
        }
    }

    /** The terminal's size at any moment, asked of it again only when it says that it has changed. */
    static Supplier<TerminalSize> watched() {
        var known = new AtomicReference<@Nullable TerminalSize>();
        Signals.on("WINCH", () -> known.set(null));
        return () -> {
            TerminalSize size = known.get();
            if (size == null) {
                size = here();
                known.set(size);
            }
            return size;
        };
    }

    /** From {@code rows columns}. */
    static TerminalSize of(String size) {
        String[] numbers = size.strip().split(" ", -1);
        try {
            TerminalSize window =
                    new TerminalSize(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[numbers.length - 1]));
            return window.rows() < 4 || window.columns() < 20 ? USUAL : window;
        } catch (NumberFormatException e) {
            return USUAL;
        }
    }

    /** The lines cut to the width; where they are too many, the middle goes, and the last {@code foot} lines stay. */
    List<String> fit(List<String> lines, int foot) {
        List<String> kept = new ArrayList<>(lines);
        int most = rows - 1;
        int tail = Math.min(foot, most - 1);
        if (lines.size() > most) {
            kept = new ArrayList<>(lines.subList(0, most - tail));
            kept.addAll(lines.subList(lines.size() - tail, lines.size()));
        }
        return kept.stream()
                .map(line -> Columns.cut(TerminalWriter.shown(line.replaceAll("\\p{Cntrl}+", " ")), columns - 1))
                .toList();
    }

    /** The rows that lines take which were drawn when the terminal may have been wider: it has wrapped them since. */
    int rows(List<String> drawn) {
        return drawn.stream()
                .mapToInt(line -> Math.max(1, Math.ceilDiv(Columns.of(line), columns)))
                .sum();
    }
}
