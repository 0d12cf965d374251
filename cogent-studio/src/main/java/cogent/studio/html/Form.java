package cogent.studio.html;

import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Fields of forms, each with its label. */
public final class Form {
    private Form() {}

    /** One of several values, which read as the options say. */
    public static SafeHtml select(String name, String label, SequencedMap<String, String> options, String chosen) {
        List<SafeHtml> all = options.sequencedEntrySet().stream()
                .map((Map.Entry<String, String> o) -> SafeHtml.of(
                        "<option value=\"{}\"{}>{}</option>",
                        o.getKey(),
                        SafeHtml.when(o.getKey().equals(chosen), " selected"),
                        o.getValue()))
                .toList();
        return SafeHtml.of("<label><span>{}</span><select name=\"{}\">{}</select></label>", label, name, all);
    }

    /** @param type as HTML has it: {@code text}, {@code search}, {@code number} */
    public static SafeHtml input(String type, String name, String label, String value) {
        return SafeHtml.of(
                "<label><span>{}</span><input type=\"{}\" name=\"{}\" value=\"{}\"></label>", label, type, name, value);
    }

    public static SafeHtml checkbox(String name, String label, boolean checked) {
        return SafeHtml.of(
                "<label class=\"check\"><input type=\"checkbox\" name=\"{}\" value=\"yes\"{}><span>{}</span></label>",
                name,
                SafeHtml.when(checked, " checked"),
                label);
    }

    public static SafeHtml hidden(String name, String value) {
        return SafeHtml.of("<input type=\"hidden\" name=\"{}\" value=\"{}\">", name, value);
    }
}
