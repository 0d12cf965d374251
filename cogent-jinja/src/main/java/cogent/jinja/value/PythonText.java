package cogent.jinja.value;

import java.util.ArrayList;
import java.util.List;

/** Strings as Python sees them: sequences of code points, with Python's idea of a space. */
public final class PythonText {
    private PythonText() {}

    public static int length(String s) {
        return s.codePointCount(0, s.length());
    }

    /** The characters, each a string of its own. */
    static List<Object> characters(String s) {
        var characters = new ArrayList<Object>(s.length());
        s.codePoints().forEach(c -> characters.add(Character.toString(c)));
        return characters;
    }

    /** Place in UTF-16 units of a place in code points. */
    public static int offset(String s, int codePoints) {
        return s.offsetByCodePoints(0, codePoints);
    }

    public static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }

    public static boolean isBlank(String s) {
        return s.chars().allMatch(PythonText::isSpace);
    }

    static String strip(String s) {
        return lstrip(rstrip(s));
    }

    public static String lstrip(String s) {
        int i = 0;
        while (i < s.length() && isSpace(s.charAt(i))) {
            i++;
        }
        return s.substring(i);
    }

    public static String rstrip(String s) {
        int i = s.length();
        while (i > 0 && isSpace(s.charAt(i - 1))) {
            i--;
        }
        return s.substring(0, i);
    }

    public static String lstrip(String s, String of) {
        int i = 0;
        while (i < s.length() && of.indexOf(s.codePointAt(i)) >= 0) {
            i += Character.charCount(s.codePointAt(i));
        }
        return s.substring(i);
    }

    public static String rstrip(String s, String of) {
        int i = s.length();
        while (i > 0 && of.indexOf(s.codePointBefore(i)) >= 0) {
            i -= Character.charCount(s.codePointBefore(i));
        }
        return s.substring(0, i);
    }

    /** Lines without their ends; an end is any that Python's splitlines knows. */
    public static List<String> lines(String s, boolean keepEnds) {
        var lines = new ArrayList<String>();
        int start = 0;
        for (int i = 0; i < s.length(); i++) {
            if (isLineEnd(s.charAt(i))) {
                int next = s.startsWith("\r\n", i) ? i + 2 : i + 1;
                lines.add(s.substring(start, keepEnds ? next : i));
                start = next;
                i = next - 1;
            }
        }
        if (start < s.length()) {
            lines.add(s.substring(start));
        }
        return lines;
    }

    private static boolean isLineEnd(char c) {
        return (c >= 0x0A && c <= 0x0D) || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    /** Order by code points, which UTF-16 order is not. */
    static int compare(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean bothOrNone = Character.isSurrogate(x) == Character.isSurrogate(y);
                return bothOrNone ? Character.compare(x, y) : Character.isSurrogate(x) ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
