package cogent.curate.rationale;

import cogent.data.Rationale;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The one layout of rationales in rows and in the patterns that the Distractor follows: steps separated by blank lines, then
 * the final answer in a box of its own. So the two sides of a pair differ in their reasoning only: the corpora's solutions
 * often have single newlines and no box where a rewrite has both.
 */
public final class RationaleLayout {
    private static final Pattern ANSWER_LINE = Pattern.compile("####.*");

    /** An unescaped dollar opens mathematics inside a box, and a sign on one side of a pair alone would tell the two apart. */
    private static final Pattern CURRENCY = Pattern.compile("^\\\\?[$€£¥]\\s?(?=[\\d.][^$]*$)");

    private RationaleLayout() {}

    /**
     * The rationale in that layout; one that states no final answer gets no box, and no currency stands before the value in it.
     */
    public static Rationale of(Rationale rationale) {
        String text = rationale.text();
        String conclusion = CURRENCY.matcher(rationale.conclusion()).replaceFirst("");
        if (conclusion.isBlank()) {
            return new Rationale(String.join("\n\n", Steps.of(text)), conclusion);
        }
        List<String> steps = work(text);
        String work = Steps.unboxed(String.join("\n\n", steps)).strip();
        return work.isEmpty() || statesAnswerOnly(steps.getLast())
                ? new Rationale("\\boxed{" + conclusion + "}", conclusion)
                : new Rationale(work + "\n\n\\boxed{" + conclusion + "}", conclusion);
    }

    /**
     * The same for a wrong rationale beside the right one that it is set against: where that is a single step so is this, since
     * models part what they write by blank lines whatever the pattern.
     */
    public static Rationale like(Rationale wrong, Rationale right) {
        Rationale laidOut = of(wrong);
        List<String> pattern = work(right.text());
        List<String> steps = work(laidOut.text());
        if (pattern.size() > 1 || steps.size() == 1 || wrong.conclusion().isBlank()) {
            return laidOut;
        }
        String step = String.join(pattern.getFirst().contains("\n") ? "\n" : " ", steps);
        return new Rationale(step + "\n\n\\boxed{" + laidOut.conclusion() + "}", laidOut.conclusion());
    }

    /** The steps without closing ones that only state the answer; of nothing else, that one. */
    public static List<String> work(String text) {
        List<String> steps = withoutClosing(Steps.paragraphs(text).stream()
                .flatMap(paragraph -> Steps.sentenceLines(paragraph).stream())
                .toList());
        return steps.size() == 1 ? withoutClosing(Steps.of(steps.getFirst())) : steps;
    }

    private static List<String> withoutClosing(List<String> steps) {
        int end = steps.size();
        while (end > 1 && statesAnswerOnly(steps.get(end - 1))) {
            end--;
        }
        return steps.subList(0, end);
    }

    /** Whether a step is nothing but the answer in a box, or GSM8K's last line. */
    private static boolean statesAnswerOnly(String step) {
        boolean boxed = Steps.hasBox(step)
                && Steps.emptied(step).chars().noneMatch(c -> Character.isLetterOrDigit(c) && c > ' ');
        return boxed || ANSWER_LINE.matcher(step).matches();
    }
}
