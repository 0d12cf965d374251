package cogent.studio.sample;

import cogent.studio.html.Markup;
import com.github.difflib.DiffUtils;
import com.github.difflib.algorithm.myers.MyersDiffWithLinearSpace;
import com.github.difflib.patch.AbstractDelta;
import com.github.difflib.patch.DeltaType;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Two texts with what differs marked word by word.
 *
 * @param before the first text, what the second lacks marked as deleted
 * @param after the second, what is new in it marked as inserted
 */
record WordDiff(Markup before, Markup after) {
    /** A word with the blanks behind it, which make no difference. */
    private static final Pattern WORD = Pattern.compile("(?<=\\s)(?=\\S)");

    private static final Pattern LINE = Pattern.compile("(?<=\n)");

    /** Longer texts are compared line by line: the work grows with the square of what differs. */
    private static final int WORDS = 6_000;

    static WordDiff of(String before, String after) {
        List<String> a = parts(WORD, before);
        List<String> b = parts(WORD, after);
        if (Math.max(a.size(), b.size()) > WORDS) {
            a = parts(LINE, before);
            b = parts(LINE, after);
        }
        List<Markup> left = new ArrayList<>();
        List<Markup> right = new ArrayList<>();
        for (AbstractDelta<String> delta : DiffUtils.diff(
                        a, b, new MyersDiffWithLinearSpace<>((x, y) -> x.strip().equals(y.strip())), null, true)
                .getDeltas()) {
            String from = String.join("", delta.getSource().getLines());
            String to = String.join("", delta.getTarget().getLines());
            if (delta.getType() == DeltaType.EQUAL) {
                left.add(Markup.of("{}", from));
                right.add(Markup.of("{}", to));
            } else {
                left.add(Markup.when(!from.isEmpty(), "<del>{}</del>", from));
                right.add(Markup.when(!to.isEmpty(), "<ins>{}</ins>", to));
            }
        }
        return new WordDiff(Markup.of("{}", left), Markup.of("{}", right));
    }

    private static List<String> parts(Pattern between, String text) {
        return between.splitAsStream(text).toList();
    }
}
