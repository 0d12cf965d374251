package cogent.jinja.builtin;

import cogent.jinja.value.PythonText;
import cogent.jinja.value.RenderBudget;
import cogent.jinja.value.TemplateException;
import cogent.jinja.value.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cutting a string into parts. */
final class Splitting {
    private Splitting() {}

    static List<Object> split(String s, @Nullable String separator, int most) {
        var parts = new ArrayList<Object>();
        if (separator == null) {
            String rest = PythonText.lstrip(s);
            while (!rest.isEmpty()) {
                int end = 0;
                while (end < rest.length() && !PythonText.isSpace(rest.charAt(end))) {
                    end++;
                }
                if (most >= 0 && parts.size() == most) {
                    parts.add(RenderBudget.text(rest));
                    return parts;
                }
                parts.add(RenderBudget.text(rest.substring(0, end)));
                RenderBudget.work(rest.length() / 256);
                rest = PythonText.lstrip(rest.substring(end));
            }
            return parts;
        }
        notEmpty(separator);
        RenderBudget.search(s, separator);
        int from = 0;
        for (int i = s.indexOf(separator);
                i >= 0 && (most < 0 || parts.size() < most);
                i = s.indexOf(separator, from)) {
            parts.add(RenderBudget.text(s.substring(from, i)));
            from = i + separator.length();
        }
        parts.add(RenderBudget.text(s.substring(from)));
        RenderBudget.work(parts.size());
        return parts;
    }

    static List<Object> rsplit(String s, @Nullable String separator, int most) {
        if (most < 0) {
            return split(s, separator, most);
        }
        var parts = new ArrayList<Object>();
        String rest = separator == null ? PythonText.rstrip(s) : s;
        while (separator != null || !rest.isEmpty()) {
            int cut = separator == null ? lastSpace(rest) : rest.lastIndexOf(notEmpty(separator));
            if (cut < 0 || parts.size() == most) {
                parts.addFirst(RenderBudget.text(rest));
                break;
            }
            int width = separator == null ? 1 : separator.length();
            parts.addFirst(RenderBudget.text(rest.substring(cut + width)));
            RenderBudget.work(1 + rest.length() / 256);
            rest = separator == null ? PythonText.rstrip(rest.substring(0, cut)) : rest.substring(0, cut);
        }
        return parts;
    }

    private static int lastSpace(String s) {
        int i = s.length() - 1;
        while (i >= 0 && !PythonText.isSpace(s.charAt(i))) {
            i--;
        }
        return i;
    }

    static List<Object> lines(String s, boolean keepEnds) {
        List<String> lines = PythonText.lines(s, keepEnds);
        RenderBudget.work(lines.size());
        RenderBudget.characters(s.length());
        return new ArrayList<>(lines);
    }

    static Tuple partition(String s, String separator, boolean last) {
        RenderBudget.search(s, notEmpty(separator));
        int at = last ? s.lastIndexOf(separator) : s.indexOf(separator);
        if (at < 0) {
            return last ? Tuple.of("", "", s) : Tuple.of(s, "", "");
        }
        return Tuple.of(
                RenderBudget.text(s.substring(0, at)),
                separator,
                RenderBudget.text(s.substring(at + separator.length())));
    }

    private static String notEmpty(String separator) {
        if (separator.isEmpty()) {
            throw new TemplateException("empty separator");
        }
        return separator;
    }
}
