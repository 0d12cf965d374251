package cogent.jinja.builtin;

import cogent.jinja.value.CallArguments;
import cogent.jinja.value.NumberFormat;
import cogent.jinja.value.PythonNumbers;
import cogent.jinja.value.PythonText;
import cogent.jinja.value.PythonValues;
import cogent.jinja.value.RenderBudget;
import cogent.jinja.value.Strings;
import cogent.jinja.value.TemplateException;
import cogent.jinja.value.Types;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code text.format(values)}.
 *
 * @see <a href="https://docs.python.org/3/library/string.html#format-string-syntax">Python: format strings</a>
 */
final class BraceFormat {
    private static final Pattern SPEC =
            Pattern.compile("(?:(.)?([<>=^]))?([-+ ]?)(#?)(0?)(\\d*)([,_]?)(?:\\.(\\d+))?([a-zA-Z%]?)", Pattern.DOTALL);
    private static final Pattern STEP = Pattern.compile("\\.([^.\\[]+)|\\[([^\\]]+)\\]");

    private final List<Object> positional;
    private final Map<?, ?> named;
    private int next;

    private BraceFormat(List<Object> positional, Map<?, ?> named) {
        this.positional = positional;
        this.named = named;
    }

    static String format(String text, CallArguments a) {
        return new BraceFormat(a.positional(), new LinkedHashMap<>(a.named())).format(text, 0);
    }

    static String formatMap(String text, Object mapping) {
        if (!(mapping instanceof Map<?, ?> map)) {
            throw new TemplateException("format_map() argument must be a mapping");
        }
        return new BraceFormat(List.of(), map).format(text, 0);
    }

    private String format(String text, int depth) {
        if (depth > 1) {
            throw new TemplateException("Max string recursion exceeded");
        }
        var out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean doubled = i + 1 < text.length() && text.charAt(i + 1) == c;
            if (c == '{' && !doubled) {
                int end = closing(text, i);
                out.append(RenderBudget.text(field(text.substring(i + 1, end), depth)));
                i = end;
            } else if (c == '}' && !doubled) {
                throw new TemplateException("Single '}' encountered in format string");
            } else {
                out.append(c);
                i += c == '{' || c == '}' ? 1 : 0;
            }
        }
        return out.toString();
    }

    private static int closing(String text, int open) {
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        throw new TemplateException(
                open + 1 == text.length()
                        ? "Single '{' encountered in format string"
                        : "expected '}' before end of string");
    }

    /** {@code name!conversion:spec} */
    private String field(String field, int depth) {
        int colon = field.indexOf(':');
        String spec = colon < 0 ? "" : format(field.substring(colon + 1), depth + 1);
        String name = colon < 0 ? field : field.substring(0, colon);
        int bang = name.indexOf('!');
        Object value = value(bang < 0 ? name : name.substring(0, bang));
        if (bang >= 0) {
            value = switch (name.substring(bang + 1)) {
                case "r", "a" -> PythonValues.repr(value);
                case "s" -> PythonValues.string(value);
                default -> throw new TemplateException("unknown conversion in " + Strings.repr(field));
            };
        }
        return formatted(value, spec);
    }

    private Object value(String name) {
        int end = 0;
        while (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '[') {
            end++;
        }
        String first = name.substring(0, end);
        Object value = first.isEmpty() || first.chars().allMatch(Character::isDigit)
                ? place(first.isEmpty() ? next++ : PythonNumbers.index(PythonNumbers.literal(first)))
                : key(first);
        Matcher step = STEP.matcher(name).region(end, name.length());
        while (step.lookingAt()) {
            String index = step.group(2);
            value = index == null
                    ? Access.attribute(value, step.group(1))
                    : Access.item(value, index.matches("\\d+") ? PythonNumbers.literal(index) : index);
            step.region(step.end(), name.length());
        }
        return value;
    }

    private Object place(int place) {
        if (place >= positional.size()) {
            throw new TemplateException("Replacement index " + place + " out of range for positional args tuple");
        }
        return positional.get(place);
    }

    private Object key(String name) {
        Object value = named.get(name);
        if (value == null) {
            throw new TemplateException(Strings.repr(name));
        }
        return value;
    }

    static String formatted(Object value, String text) {
        Matcher spec = SPEC.matcher(text);
        if (!spec.matches()) {
            throw new TemplateException("Invalid format specifier");
        }
        if (text.isEmpty()) {
            return PythonValues.string(value);
        }
        boolean number = Types.isNumber(value);
        if (!number && !Types.isString(value)) {
            throw new TemplateException("unsupported format string passed to " + Types.name(value) + ".__format__");
        }
        boolean negative = number
                && (value instanceof Double d
                        ? NumberFormat.isNegative(d)
                        : PythonNumbers.whole(value).signum() < 0);
        String digits = number ? digits(value, spec) : string(value, spec);
        String sign = !number ? "" : negative ? "-" : spec.group(3).equals("-") ? "" : spec.group(3);
        boolean zeros = !spec.group(5).isEmpty() && spec.group(2) == null;
        String fill = spec.group(1) != null ? spec.group(1) : zeros ? "0" : " ";
        String align = spec.group(2) != null ? spec.group(2) : number ? zeros ? "=" : ">" : "<";
        int width = spec.group(6).isEmpty() ? 0 : PythonNumbers.index(PythonNumbers.literal(spec.group(6)));
        int missing = Math.max(0, width - PythonText.length(digits) - sign.length());
        return switch (align) {
            case "<" -> sign + digits + RenderBudget.repeat(fill, missing);
            case ">" -> RenderBudget.repeat(fill, missing) + sign + digits;
            case "=" -> sign + RenderBudget.repeat(fill, missing) + digits;
            default ->
                RenderBudget.repeat(fill, missing / 2)
                        + sign
                        + digits
                        + RenderBudget.repeat(fill, missing - missing / 2);
        };
    }

    private static String string(Object value, Matcher spec) {
        if (!spec.group(9).isEmpty() && !spec.group(9).equals("s")) {
            throw new TemplateException(
                    "Unknown format code '" + spec.group(9) + "' for object of type '" + Types.name(value) + "'");
        }
        String text = PythonValues.string(value);
        int most =
                spec.group(8) == null ? Integer.MAX_VALUE : PythonNumbers.index(PythonNumbers.literal(spec.group(8)));
        return most < PythonText.length(text) ? text.substring(0, PythonText.offset(text, most)) : text;
    }

    private static String digits(Object value, Matcher spec) {
        String code = spec.group(9);
        int precision = spec.group(8) == null ? -1 : PythonNumbers.index(PythonNumbers.literal(spec.group(8)));
        boolean alternate = !spec.group(4).isEmpty();
        if (value instanceof Double d && code.isEmpty() && precision < 0) {
            return grouped(Strings.of(Math.abs(d)), spec.group(7));
        }
        if (PythonNumbers.isInt(value) && (code.isEmpty() || "bcdonxX".contains(code))) {
            BigInteger whole = PythonNumbers.whole(value).abs();
            return switch (code) {
                case "b" -> (alternate ? "0b" : "") + grouped(whole.toString(2), spec.group(7));
                case "o" -> (alternate ? "0o" : "") + grouped(whole.toString(8), spec.group(7));
                case "x" -> (alternate ? "0x" : "") + grouped(whole.toString(16), spec.group(7));
                case "X" -> (alternate ? "0X" : "") + whole.toString(16).toUpperCase(Locale.ROOT);
                case "c" -> Character.toString(PythonNumbers.index(whole));
                default -> grouped(whole.toString(), spec.group(7));
            };
        }
        int places = precision < 0 ? 6 : precision;
        double real = PythonNumbers.real(value);
        return switch (code) {
            case "%" -> grouped(NumberFormat.real(real * 100, 'f', places, alternate), spec.group(7)) + "%";
            case "" -> {
                String text = NumberFormat.real(real, 'g', Math.max(1, precision), false);
                yield grouped(text.matches("\\d+") ? text + ".0" : text, spec.group(7));
            }
            case "e", "E", "f", "F", "g", "G" ->
                grouped(NumberFormat.real(real, code.charAt(0), places, alternate), spec.group(7));
            default ->
                throw new TemplateException(
                        "Unknown format code '" + code + "' for object of type '" + Types.name(value) + "'");
        };
    }

    /** Thousands apart. */
    private static String grouped(String digits, String separator) {
        if (separator.isEmpty()) {
            return digits;
        }
        int point = 0;
        while (point < digits.length()
                && Character.isLetterOrDigit(digits.charAt(point))
                && digits.charAt(point) != 'e') {
            point++;
        }
        var out = new StringBuilder(digits);
        for (int i = point - 3; i > 0; i -= 3) {
            out.insert(i, separator);
        }
        return out.toString();
    }
}
