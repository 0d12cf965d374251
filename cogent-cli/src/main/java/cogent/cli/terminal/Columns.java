package cogent.cli.terminal;

import static java.lang.Character.UnicodeScript.HAN;
import static java.lang.Character.UnicodeScript.HANGUL;
import static java.lang.Character.UnicodeScript.HIRAGANA;
import static java.lang.Character.UnicodeScript.KATAKANA;

import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The columns of a terminal that a text takes (Unicode's East Asian Width, UAX 11): two for ideographs and emoji, none for marks. */
final class Columns {
    private static final Set<UnicodeScript> WIDE = Set.of(HAN, HIRAGANA, KATAKANA, HANGUL);
    private static final int FULLWIDTH = 0xFF01;
    private static final int FULLWIDTH_END = 0xFF60;
    private static final int CJK_SIGNS = 0x3000;
    private static final int CJK_SIGNS_END = 0x303E;
    private static final int HALFWIDTH_END = 0xFFDC;

    private Columns() {}

    static int of(String text) {
        return text.codePoints().map(Columns::of).sum();
    }

    private static int of(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> isWide(c) ? 2 : 1;
        };
    }

    private static boolean isWide(int c) {
        boolean halfwidth = c > FULLWIDTH_END && c <= HALFWIDTH_END;
        return (!halfwidth && WIDE.contains(UnicodeScript.of(c)))
                || (c >= FULLWIDTH && c <= FULLWIDTH_END)
                || (c >= CJK_SIGNS && c <= CJK_SIGNS_END)
                || Character.isEmojiPresentation(c);
    }

    /** A text in lines of so many columns at most, broken between words; a word that is longer than a line, as a path may be, stays whole. */
    static List<String> wrap(String text, int columns) {
        List<String> lines = new ArrayList<>();
        var line = new StringBuilder();
        boolean begun = false;
        for (String word : text.split(" ", -1)) {
            if (!line.toString().isBlank() && of(line.toString()) + 1 + of(word) > columns) {
                lines.add(line.toString());
                line.setLength(0);
                begun = false;
            }
            line.append(begun ? " " : "").append(word);
            begun = true;
        }
        lines.add(line.toString());
        return lines;
    }

    /**
     * The beginning of a line in so many columns, with a mark where it is cut. It is cut between words: half a number is
     * another number.
     */
    static String cut(String line, int columns) {
        if (of(line) <= columns) {
            return line;
        }
        int end = 0;
        int used = 1; // the mark
        while (used + of(line.codePointAt(end)) <= columns) {
            used += of(line.codePointAt(end));
            end = line.offsetByCodePoints(end, 1);
        }
        int word = line.charAt(end) == ' ' ? end : line.lastIndexOf(' ', end - 1);
        String whole = line.substring(0, Math.max(0, word)).stripTrailing();
        return (whole.isBlank() ? line.substring(0, end) : whole + (of(whole) + 2 <= columns ? " " : "")) + "…";
    }
}
