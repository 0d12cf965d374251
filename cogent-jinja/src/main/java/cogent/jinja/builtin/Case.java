package cogent.jinja.builtin;

import cogent.jinja.value.PythonValues;
import cogent.jinja.value.Types;
import java.util.Locale;

/** Upper and lower case by words and places. */
final class Case {
    private Case() {}

    /** What stands for the value where case does not count. */
    static Object caseless(Object value) {
        return Types.isString(value) ? PythonValues.string(value).toLowerCase(Locale.ROOT) : value;
    }

    static String capitalize(String s) {
        return s.isEmpty()
                ? s
                : titled(s.codePointAt(0))
                        + s.substring(Character.charCount(s.codePointAt(0))).toLowerCase(Locale.ROOT);
    }

    private static String titled(int c) {
        return Character.toTitleCase(c) == c && !Character.isTitleCase(c)
                ? Character.toString(c).toUpperCase(Locale.ROOT)
                : Character.toString(Character.toTitleCase(c));
    }

    /** A letter begins a word where no letter is before it. */
    static String title(String s) {
        var out = new StringBuilder(s.length());
        boolean inWord = false;
        for (int c : s.codePoints().toArray()) {
            out.append(inWord ? Character.toString(c).toLowerCase(Locale.ROOT) : titled(c));
            inWord = Character.isLetter(c);
        }
        return out.toString();
    }

    static boolean isTitle(String s) {
        return s.codePoints().anyMatch(Character::isLetter) && s.equals(title(s));
    }

    static String swap(String s) {
        var out = new StringBuilder(s.length());
        s.codePoints()
                .forEach(c -> out.append(
                        Character.isUpperCase(c)
                                ? Character.toString(c).toLowerCase(Locale.ROOT)
                                : Character.toString(c).toUpperCase(Locale.ROOT)));
        return out.toString();
    }
}
