package cogent.studio.html;

import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Fields of forms, each with its label. */
public final class Form {
    private Form() {}

    /** One of several values, which read as the options say. */
    public static Markup select(String name, String label, SequencedMap<String, String> options, String chosen) {
        List<Markup> all = options.sequencedEntrySet().stream()
                .map((Map.Entry<String, String> o) -> Markup.of(
                        "<option value=\"{}\"{}>{}</option>",
                        o.getKey(),
                        Markup.when(o.getKey().equals(chosen), " selected"),
                        o.getValue()))
                .toList();
        return Markup.of("<label><span>{}</span><select name=\"{}\">{}</select></label>", label, name, all);
    }

    /** @param type as HTML has it: {@code text}, {@code search}, {@code number} */
    public static Markup input(String type, String name, String label, String value) {
        return Markup.of(
                "<label><span>{}</span><input type=\"{}\" name=\"{}\" value=\"{}\"></label>", label, type, name, value);
    }

    public static Markup checkbox(String name, String label, boolean checked) {
        return Markup.of(
                "<label class=\"check\"><input type=\"checkbox\" name=\"{}\" value=\"yes\"{}><span>{}</span></label>",
                name,
                Markup.when(checked, " checked"),
                label);
    }

    public static Markup hidden(String name, String value) {
        return Markup.of("<input type=\"hidden\" name=\"{}\" value=\"{}\">", name, value);
    }
}
