package cogent.studio.sample;

import cogent.studio.html.SafeHtml;
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
record WordDiff(SafeHtml before, SafeHtml after) {
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
        List<SafeHtml> left = new ArrayList<>();
        List<SafeHtml> right = new ArrayList<>();
        for (AbstractDelta<String> delta : DiffUtils.diff(
                        a, b, new MyersDiffWithLinearSpace<>((x, y) -> x.strip().equals(y.strip())), null, true)
                .getDeltas()) {
            String from = String.join("", delta.getSource().getLines());
            String to = String.join("", delta.getTarget().getLines());
            if (delta.getType() == DeltaType.EQUAL) {
                left.add(SafeHtml.of("{}", from));
                right.add(SafeHtml.of("{}", to));
            } else {
                left.add(SafeHtml.when(!from.isEmpty(), "<del>{}</del>", from));
                right.add(SafeHtml.when(!to.isEmpty(), "<ins>{}</ins>", to));
            }
        }
        return new WordDiff(SafeHtml.of("{}", left), SafeHtml.of("{}", right));
    }

    private static List<String> parts(Pattern between, String text) {
        return between.splitAsStream(text).toList();
    }
}
