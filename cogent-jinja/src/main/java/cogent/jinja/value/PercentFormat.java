package cogent.jinja.value;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code text % values}.
 *
 * @see <a href="https://docs.python.org/3/library/stdtypes.html#printf-style-string-formatting">Python: printf-style
 *     formatting</a>
 */
final class PercentFormat {
    private static final Pattern SPEC =
            Pattern.compile("%(?:\\(([^)]*)\\))?([-#0 +]*)(\\*|\\d+)?(?:\\.(\\*|\\d+)?)?[hlL]?(.)", Pattern.DOTALL);

    private final Object values;
    private final List<Object> places;
    private int next;

    private PercentFormat(Object values) {
        this.values = values;
        this.places = values instanceof Tuple tuple ? tuple.items() : List.of(values);
    }

    static String format(String text, Object values) {
        var format = new PercentFormat(values);
        var out = new StringBuilder();
        Matcher spec = SPEC.matcher(text);
        int from = 0;
        for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', from)) {
            out.append(text, from, i);
            if (!spec.region(i, text.length()).lookingAt()) {
                throw new TemplateException("incomplete format");
            }
            out.append(RenderBudget.text(format.one(spec)));
            from = spec.end();
        }
        if (format.next < format.places.size() && !(values instanceof Map)) {
            throw new TemplateException("not all arguments converted during string formatting");
        }
        return out.append(text, from, text.length()).toString();
    }

    private Object take() {
        if (next >= places.size()) {
            throw new TemplateException("not enough arguments for format string");
        }
        return places.get(next++);
    }

    private String one(Matcher spec) {
        char type = spec.group(5).charAt(0);
        if (type == '%') {
            return "%";
        }
        String flags = spec.group(2);
        int width = number(spec.group(3), 0);
        int precision = spec.group(0).indexOf('.') < 0 ? -1 : number(spec.group(4), 0);
        Object value = spec.group(1) == null ? take() : named(spec.group(1));
        boolean alternate = flags.contains("#");
        String text;
        boolean negative = false;
        switch (type) {
            case 's', 'r', 'a' -> {
                text = type == 's' ? PythonValues.string(value) : PythonValues.repr(value);
                if (precision >= 0 && precision < PythonText.length(text)) {
                    text = text.substring(0, PythonText.offset(text, precision));
                }
                return padded(text, "", flags.replace("0", ""), width);
            }
            case 'c' -> {
                text = Types.isString(value)
                        ? PythonValues.string(value)
                        : Character.toString(PythonNumbers.index(value));
                return padded(text, "", flags.replace("0", ""), width);
            }
            case 'd', 'i', 'u', 'x', 'X', 'o' -> {
                BigInteger whole = whole(value, type);
                negative = whole.signum() < 0;
                text = whole.abs().toString(type == 'o' ? 8 : type == 'x' || type == 'X' ? 16 : 10);
                text = RenderBudget.repeat("0", precision - text.length()) + text;
                text = alternate && type == 'o'
                        ? "0o" + text
                        : alternate && "xX".indexOf(type) >= 0 ? "0x" + text : text;
                text = type == 'X' ? text.toUpperCase(Locale.ROOT) : text;
            }
            case 'f', 'F', 'e', 'E', 'g', 'G' -> {
                if (!Types.isNumber(value)) {
                    throw new TemplateException("must be real number, not " + Types.name(value));
                }
                double real = PythonNumbers.real(value);
                negative = NumberFormat.isNegative(real);
                text = NumberFormat.real(real, type, precision < 0 ? 6 : precision, alternate);
            }
            default ->
                throw new TemplateException("unsupported format character '" + type + "' (0x"
                        + Integer.toHexString(type) + ") at index " + (spec.end() - 1));
        }
        return padded(text, negative ? "-" : flags.contains("+") ? "+" : flags.contains(" ") ? " " : "", flags, width);
    }

    private static BigInteger whole(Object value, char type) {
        if (value instanceof Double d && !d.isNaN() && !d.isInfinite() && "diu".indexOf(type) >= 0) {
            return new java.math.BigDecimal(d).toBigInteger();
        }
        if (!PythonNumbers.isInt(value)) {
            throw new TemplateException("%" + type + " format: "
                    + ("diu".indexOf(type) >= 0 ? "a real number" : "an integer") + " is required, not "
                    + Types.name(value));
        }
        return PythonNumbers.whole(value);
    }

    private int number(@org.jspecify.annotations.Nullable String digits, int byDefault) {
        if (digits == null) {
            return byDefault;
        }
        return digits.equals("*") ? PythonNumbers.index(take()) : PythonNumbers.index(PythonNumbers.literal(digits));
    }

    private Object named(String name) {
        if (!(values instanceof Map<?, ?> map)) {
            throw new TemplateException("format requires a mapping");
        }
        Object value = map.get(name);
        if (value == null) {
            throw new TemplateException(Strings.repr(name));
        }
        return value;
    }

    private static String padded(String text, String sign, String flags, int width) {
        int missing = width - PythonText.length(text) - sign.length();
        if (flags.contains("-")) {
            return sign + text + RenderBudget.repeat(" ", missing);
        }
        return flags.contains("0")
                ? sign + RenderBudget.repeat("0", missing) + text
                : RenderBudget.repeat(" ", missing) + sign + text;
    }
}
