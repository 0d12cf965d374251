package cogent.jinja.builtin;

import cogent.jinja.value.CallArguments;
import cogent.jinja.value.None;
import cogent.jinja.value.PythonNumbers;
import cogent.jinja.value.PythonText;
import cogent.jinja.value.PythonValues;
import cogent.jinja.value.RenderBudget;
import cogent.jinja.value.TemplateException;
import cogent.jinja.value.Types;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Filters of text. */
final class TextFilters {
    private static final Pattern WORD = Pattern.compile("\\w++", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[-\\s({\\[<]++", Pattern.UNICODE_CHARACTER_CLASS);

    private TextFilters() {}

    static Object apply(String name, String text, Object value, CallArguments a) {
        RenderBudget.work(1 + text.length() / 16);
        return switch (name) {
            case "title" -> RenderBudget.text(title(text));
            case "center" -> StringMethods.centred(text, a.integer(0, "width", 80), " ");
            case "replace" -> {
                Object count = a.get(2, "count", None.NONE);
                String old = PythonValues.string(a.get(0, "old"));
                String by = PythonValues.string(a.get(1, "new"));
                yield StringMethods.replace(text, old, by, count == None.NONE ? -1 : PythonNumbers.index(count));
            }
            case "indent" -> indent(text, a);
            case "truncate" -> truncate(text, a);
            case "striptags" -> striptags(text);
            case "wordcount" -> PythonNumbers.of(WORD.matcher(text).results().count());
            default -> urlencode(value);
        };
    }

    private static String title(String text) {
        var out = new StringBuilder(text.length());
        Matcher between = BETWEEN_WORDS.matcher(text);
        int from = 0;
        while (between.find()) {
            out.append(Case.capitalize(text.substring(from, between.start()))).append(between.group());
            from = between.end();
        }
        return out.append(Case.capitalize(text.substring(from))).toString();
    }

    private static String indent(String text, CallArguments a) {
        Object width = a.get(0, "width", PythonNumbers.of(4));
        String blanks = Types.isString(width)
                ? PythonValues.string(width)
                : RenderBudget.repeat(" ", PythonNumbers.index(width));
        boolean first = a.flag(1, "first", false);
        boolean blank = a.flag(2, "blank", false);
        List<String> lines = PythonText.lines(text + "\n", false);
        var out = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            boolean indented = i == 0 ? first : blank || !lines.get(i).isEmpty();
            out.append(i == 0 ? "" : "\n")
                    .append(indented ? RenderBudget.text(blanks) : "")
                    .append(lines.get(i));
        }
        return RenderBudget.text(out.toString());
    }

    private static String truncate(String text, CallArguments a) {
        int length = a.integer(0, "length", 255);
        String end = a.string(2, "end", "...");
        int leeway = a.integer(3, "leeway", 5);
        int endLength = PythonText.length(end);
        if (length < endLength) {
            throw new TemplateException("expected length >= " + endLength + ", got " + length);
        }
        if (PythonText.length(text) <= (long) length + leeway) {
            return text;
        }
        String cut = text.substring(0, PythonText.offset(text, length - endLength));
        if (!a.flag(1, "killwords", false)) {
            int space = cut.lastIndexOf(' ');
            cut = space < 0 ? cut : cut.substring(0, space);
        }
        return RenderBudget.text(cut + end);
    }

    private static String striptags(String text) {
        var out = new StringBuilder();
        int from = 0;
        while (from < text.length()) {
            int open = text.indexOf('<', from);
            boolean comment = open >= 0 && text.startsWith("<!--", open);
            int close = open < 0 ? -1 : text.indexOf(comment ? "-->" : ">", open);
            if (close < 0) {
                break;
            }
            out.append(text, from, open);
            from = close + (comment ? 3 : 1);
        }
        out.append(text, from, text.length());
        var words = new ArrayList<String>();
        Splitting.split(out.toString(), null, -1).forEach(word -> words.add((String) word));
        return String.join(" ", words);
    }

    private static String urlencode(Object value) {
        if (Types.isString(value) || !Types.isIterable(value)) {
            return quoted(PythonValues.string(value), "/");
        }
        List<Object> pairs =
                value instanceof Map<?, ?> map ? Methods.items(PythonValues.dictOf(map)) : PythonValues.items(value);
        var parts = new ArrayList<String>();
        for (Object pair : pairs) {
            List<Object> both = PythonValues.items(pair);
            parts.add(quoted(PythonValues.string(both.getFirst()), null).replace("%20", "+") + "="
                    + quoted(PythonValues.string(both.getLast()), null).replace("%20", "+"));
        }
        return String.join("&", parts);
    }

    private static String quoted(String text, @Nullable String safe) {
        String quoted = URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
        return RenderBudget.text(safe == null ? quoted : quoted.replace("%2F", safe));
    }
}
