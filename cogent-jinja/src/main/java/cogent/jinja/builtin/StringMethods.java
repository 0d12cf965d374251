package cogent.jinja.builtin;

import cogent.jinja.value.CallArguments;
import cogent.jinja.value.None;
import cogent.jinja.value.PythonNumbers;
import cogent.jinja.value.PythonText;
import cogent.jinja.value.PythonValues;
import cogent.jinja.value.RenderBudget;
import cogent.jinja.value.Strings;
import cogent.jinja.value.TemplateException;
import cogent.jinja.value.Tuple;
import cogent.jinja.value.Types;
import cogent.jinja.value.Undefined;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * The methods of Python's str.
 *
 * @see <a href="https://docs.python.org/3/library/stdtypes.html#string-methods">Python: string methods</a>
 */
final class StringMethods {
    static final Set<String> NAMES = Set.of(
            "capitalize",
            "casefold",
            "center",
            "count",
            "endswith",
            "expandtabs",
            "find",
            "format",
            "format_map",
            "index",
            "isalnum",
            "isalpha",
            "isascii",
            "isdecimal",
            "isdigit",
            "islower",
            "isnumeric",
            "isprintable",
            "isspace",
            "istitle",
            "isupper",
            "join",
            "ljust",
            "lower",
            "lstrip",
            "partition",
            "removeprefix",
            "removesuffix",
            "replace",
            "rfind",
            "rindex",
            "rjust",
            "rpartition",
            "rsplit",
            "rstrip",
            "split",
            "splitlines",
            "startswith",
            "strip",
            "swapcase",
            "title",
            "upper",
            "zfill");

    private StringMethods() {}

    static Object call(String s, String name, CallArguments a) {
        RenderBudget.work(1 + s.length() / 16);
        return switch (name) {
            case "capitalize" -> text(Case.capitalize(s));
            case "casefold" -> text(s.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT));
            case "lower" -> text(s.toLowerCase(Locale.ROOT));
            case "upper" -> text(s.toUpperCase(Locale.ROOT));
            case "swapcase" -> text(Case.swap(s));
            case "title" -> text(Case.title(s));
            case "strip" -> text(lstrip(rstrip(s, a), a));
            case "lstrip" -> text(lstrip(s, a));
            case "rstrip" -> text(rstrip(s, a));
            case "removeprefix" -> {
                String prefix = a.only(1).string(0, "prefix");
                yield text(s.startsWith(prefix) ? s.substring(prefix.length()) : s);
            }
            case "removesuffix" -> {
                String suffix = a.only(1).string(0, "suffix");
                yield text(s.endsWith(suffix) ? s.substring(0, s.length() - suffix.length()) : s);
            }
            case "center" -> centred(s, a.integer(0, "width", 0), a.string(1, "fillchar", " "));
            case "ljust" -> s + fill(s, a);
            case "rjust" -> fill(s, a) + s;
            case "zfill" -> zeroFilled(s, a.integer(0, "width", 0));
            case "startswith" -> affixed(s, a, true);
            case "endswith" -> affixed(s, a, false);
            case "find", "index", "rfind", "rindex" -> find(s, name, a);
            case "count" -> count(part(s, a), a.string(0, "sub"));
            case "replace" -> {
                Object count = a.only(3, "count").get(2, "count", PythonNumbers.of(-1));
                yield replace(s, a.string(0, "old"), a.string(1, "new"), PythonNumbers.index(count));
            }
            case "split" -> Splitting.split(s, a.stringOrNone(0, "sep"), a.integer(1, "maxsplit", -1));
            case "rsplit" -> Splitting.rsplit(s, a.stringOrNone(0, "sep"), a.integer(1, "maxsplit", -1));
            case "splitlines" -> Splitting.lines(s, a.flag(0, "keepends", false));
            case "partition" -> Splitting.partition(s, a.string(0, "sep"), false);
            case "rpartition" -> Splitting.partition(s, a.string(0, "sep"), true);
            case "join" -> join(s, a.only(1).get(0, "iterable"));
            case "format" -> text(BraceFormat.format(s, a));
            case "format_map" -> text(BraceFormat.formatMap(s, a.only(1).get(0, "mapping")));
            case "expandtabs" -> expanded(s, a.integer(0, "tabsize", 8));
            default -> holds(s, name);
        };
    }

    private static String text(String s) {
        return RenderBudget.text(s);
    }

    private static String lstrip(String s, CallArguments a) {
        String of = a.only(1).stringOrNone(0, "chars");
        return of == null ? PythonText.lstrip(s) : PythonText.lstrip(s, of);
    }

    private static String rstrip(String s, CallArguments a) {
        String of = a.only(1).stringOrNone(0, "chars");
        return of == null ? PythonText.rstrip(s) : PythonText.rstrip(s, of);
    }

    private static String fill(String s, CallArguments a) {
        return text(RenderBudget.repeat(
                a.only(2).string(1, "fillchar", " "), a.integer(0, "width", 0) - PythonText.length(s)));
    }

    /** Python puts the odd blank left where the width is odd. */
    static String centred(String s, int width, String fill) {
        int missing = width - PythonText.length(s);
        if (missing <= 0) {
            return s;
        }
        int left = missing / 2 + (missing & width & 1);
        return RenderBudget.repeat(fill, left) + s + RenderBudget.repeat(fill, missing - left);
    }

    static String zeroFilled(String s, int width) {
        String zeros = RenderBudget.repeat("0", width - PythonText.length(s));
        return s.startsWith("-") || s.startsWith("+") ? s.charAt(0) + zeros + s.substring(1) : zeros + s;
    }

    /** The part between the bounds that the second and third argument give. */
    private static String part(String s, CallArguments a) {
        Object start = a.only(3).get(1, "start", None.NONE);
        Object end = a.get(2, "end", None.NONE);
        return start == None.NONE && end == None.NONE ? s : (String) Slices.slice(s, start, end, None.NONE);
    }

    private static boolean affixed(String s, CallArguments a, boolean front) {
        String part = part(s, a);
        Object sought = a.get(0, "prefix");
        List<Object> affixes = sought instanceof Tuple tuple ? tuple.items() : List.of(sought);
        return affixes.stream().anyMatch(affix -> {
            if (affix instanceof Undefined || !Types.isString(affix)) {
                throw new TemplateException(
                        a.callee() + " first arg must be str or a tuple of str, not " + Types.name(affix));
            }
            String text = PythonValues.string(affix);
            return front ? part.startsWith(text) : part.endsWith(text);
        });
    }

    private static Object find(String s, String name, CallArguments a) {
        String part = part(s, a);
        String sought = a.string(0, "sub");
        RenderBudget.search(part, sought);
        int at = name.startsWith("r") ? part.lastIndexOf(sought) : part.indexOf(sought);
        if (at < 0 && name.endsWith("index")) {
            throw new TemplateException("substring not found");
        }
        if (at < 0) {
            return PythonNumbers.of(-1);
        }
        int start = Math.max(0, a.integer(1, "start", 0) + (a.integer(1, "start", 0) < 0 ? PythonText.length(s) : 0));
        return PythonNumbers.of((long) part.codePointCount(0, at) + start);
    }

    private static Object count(String s, String sought) {
        RenderBudget.search(s, sought);
        if (sought.isEmpty()) {
            return PythonNumbers.of(PythonText.length(s) + 1L);
        }
        int count = 0;
        for (int i = s.indexOf(sought); i >= 0; i = s.indexOf(sought, i + sought.length())) {
            count++;
        }
        return PythonNumbers.of(count);
    }

    /** The first {@code count} places replaced; all where it is negative. */
    static String replace(String s, String old, String by, int count) {
        RenderBudget.search(s, old);
        var out = new StringBuilder();
        int from = 0;
        int left = count;
        if (old.isEmpty()) {
            for (int i = 0; i <= s.length() && left != 0; i = i < s.length() ? s.offsetByCodePoints(i, 1) : i + 1) {
                out.append(s, from, i).append(text(by));
                from = i;
                left--;
            }
            return text(out.append(s, from, s.length()).toString());
        }
        for (int i = s.indexOf(old); i >= 0 && left != 0; i = s.indexOf(old, from)) {
            out.append(s, from, i).append(text(by));
            from = i + old.length();
            left--;
        }
        return text(out.append(s, from, s.length()).toString());
    }

    private static String join(String separator, Object iterable) {
        if (!Types.isIterable(iterable)) {
            throw new TemplateException("can only join an iterable");
        }
        List<Object> items = PythonValues.items(iterable);
        var out = new StringBuilder();
        for (int i = 0; i < items.size(); i++) {
            Object item = items.get(i);
            if (!Types.isString(item)) {
                throw new TemplateException(
                        "sequence item " + i + ": expected str instance, " + Types.name(item) + " found");
            }
            out.append(i == 0 ? "" : text(separator)).append(text(PythonValues.string(item)));
        }
        return out.toString();
    }

    private static String expanded(String s, int tab) {
        var out = new StringBuilder();
        int column = 0;
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c == '\t') {
                int blanks = tab > 0 ? tab - column % tab : 0;
                out.append(RenderBudget.repeat(" ", blanks));
                column += blanks;
            } else {
                out.append(c);
                column = c == '\n' || c == '\r' ? 0 : column + 1;
            }
        }
        return text(out.toString());
    }

    private static boolean holds(String s, String name) {
        return switch (name) {
            case "isalnum" -> all(s, Character::isLetterOrDigit);
            case "isalpha" -> all(s, Character::isLetter);
            case "isascii" -> s.chars().allMatch(c -> c < 128);
            case "isdecimal" -> all(s, Character::isDigit);
            case "isdigit" -> all(s, c -> Character.isDigit(c) || "²³¹".indexOf(c) >= 0);
            case "isnumeric" -> all(s, StringMethods::isNumeric);
            case "isprintable" -> s.codePoints().allMatch(Strings::isPrintable);
            case "isspace" -> all(s, PythonText::isSpace);
            case "istitle" -> Case.isTitle(s);
            case "islower" ->
                s.codePoints().anyMatch(Character::isLowerCase)
                        && s.codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
            default ->
                s.codePoints().anyMatch(Character::isUpperCase)
                        && s.codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
        };
    }

    private static boolean isNumeric(int c) {
        int type = Character.getType(c);
        return Character.isDigit(c) || type == Character.OTHER_NUMBER || type == Character.LETTER_NUMBER;
    }

    private static boolean all(String s, IntPredicate holds) {
        return !s.isEmpty() && s.codePoints().allMatch(holds);
    }
}
