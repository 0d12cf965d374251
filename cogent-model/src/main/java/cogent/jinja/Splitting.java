package cogent.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cutting a string into parts. */
final class Splitting {
    private Splitting() {}

    static List<Object> split(String s, @Nullable String separator, int most) {
        var parts = new ArrayList<Object>();
        if (separator == null) {
            String rest = Text.lstrip(s);
            while (!rest.isEmpty()) {
                int end = 0;
                while (end < rest.length() && !Text.isSpace(rest.charAt(end))) {
                    end++;
                }
                if (most >= 0 && parts.size() == most) {
                    parts.add(Budget.text(rest));
                    return parts;
                }
                parts.add(Budget.text(rest.substring(0, end)));
                Budget.work(rest.length() / 256);
                rest = Text.lstrip(rest.substring(end));
            }
            return parts;
        }
        notEmpty(separator);
        Budget.search(s, separator);
        int from = 0;
        for (int i = s.indexOf(separator);
                i >= 0 && (most < 0 || parts.size() < most);
                i = s.indexOf(separator, from)) {
            parts.add(Budget.text(s.substring(from, i)));
            from = i + separator.length();
        }
        parts.add(Budget.text(s.substring(from)));
        Budget.work(parts.size());
        return parts;
    }

    static List<Object> rsplit(String s, @Nullable String separator, int most) {
        if (most < 0) {
            return split(s, separator, most);
        }
        var parts = new ArrayList<Object>();
        String rest = separator == null ? Text.rstrip(s) : s;
        while (separator != null || !rest.isEmpty()) {
            int cut = separator == null ? lastSpace(rest) : rest.lastIndexOf(notEmpty(separator));
            if (cut < 0 || parts.size() == most) {
                parts.addFirst(Budget.text(rest));
                break;
            }
            int width = separator == null ? 1 : separator.length();
            parts.addFirst(Budget.text(rest.substring(cut + width)));
            Budget.work(1 + rest.length() / 256);
            rest = separator == null ? Text.rstrip(rest.substring(0, cut)) : rest.substring(0, cut);
        }
        return parts;
    }

    private static int lastSpace(String s) {
        int i = s.length() - 1;
        while (i >= 0 && !Text.isSpace(s.charAt(i))) {
            i--;
        }
        return i;
    }

    static List<Object> lines(String s, boolean keepEnds) {
        List<String> lines = Text.lines(s, keepEnds);
        Budget.work(lines.size());
        Budget.characters(s.length());
        return new ArrayList<>(lines);
    }

    static Tuple partition(String s, String separator, boolean last) {
        Budget.search(s, notEmpty(separator));
        int at = last ? s.lastIndexOf(separator) : s.indexOf(separator);
        if (at < 0) {
            return last ? Tuple.of("", "", s) : Tuple.of(s, "", "");
        }
        return Tuple.of(Budget.text(s.substring(0, at)), separator, Budget.text(s.substring(at + separator.length())));
    }

    private static String notEmpty(String separator) {
        if (separator.isEmpty()) {
            throw new TemplateException("empty separator");
        }
        return separator;
    }
}
