package cogent.curate.prompt;

import cogent.data.InputException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a student of some size can be expected to do in one line of a solution: the measure that the agents' prompts state, so
 * that "work that this reader can do" is read the same way each time. The steps between the sizes are ours.
 */
public enum Yardstick {
    /** Up to 0.2 billion parameters. */
    TINY(
            0.2,
            "one operation a line, on numbers that stand there (a sum of a few small numbers counts as one); no product beyond two by two digits, larger ones are split;"
                    + " of algebra one undoing at a time (3c = 21, so c = 21 / 3). It knows number facts, everyday units and"
                    + " percentages, and no theorem.",
            "24 · 15 - 8 = 352",
            "There are 24 · 15 = 360 pens. / 360 - 8 = 352 pens are left."),
    /** Up to 1 billion. */
    SMALL(
            1,
            "one or two operations a line, products up to three by two digits; simple equations solved one transformation at a"
                    + " time. It knows the formulas of middle school if they are written down before they are used, and does not"
                    + " factor numbers or expand products silently.",
            "24 · 15 - 8 = 352",
            "There are 24 · 15 = 360 pens. / 360 - 8 = 352 pens are left."),
    /** Up to 3 billion. */
    MEDIUM(
            3,
            "a short chain of operations a line; routine algebra step by step (substituting, expanding, a quadratic equation);"
                    + " school formulas by their name. Factorisations, case distinctions and changes of variable must be written"
                    + " out.",
            "The answer is 352.",
            "24 · 15 = 360, and 360 - 8 = 352 pens are left."),
    /** Up to 10 billion. */
    LARGE(
            10,
            "routine arithmetic and algebra in one line; standard methods of school and of a first course by their name. Key"
                    + " ideas, case distinctions and anything that is not routine must be written out.",
            "The answer is 352.",
            "24 · 15 - 8 = 352 pens are left."),
    /** Beyond. */
    LARGEST(
            Double.POSITIVE_INFINITY,
            "routine work may be left out altogether. The ideas, the results that decide, and the conditions under which a step"
                    + " holds must be written out.",
            "The answer is 352.",
            "24 · 15 - 8 = 352 pens are left.");

    private static final Pattern SIZE = Pattern.compile("(?i)\\s*(\\d+(?:\\.\\d+)?)\\s*([kmbt])\\w*\\s*");

    private final double billions;
    private final String reach;
    private final String brief;
    private final String balanced;

    Yardstick(double billions, String reach, String brief, String balanced) {
        this.billions = billions;
        this.reach = reach;
        this.brief = brief;
        this.balanced = balanced;
    }

    /**
     * The words of a prompt for a student.
     *
     * @param student its size, such as {@code 0.5B}
     * @throws InputException when this is no size
     */
    public static Map<String, String> words(String student) {
        double size = billions(student);
        for (Yardstick yardstick : values()) {
            if (size <= yardstick.billions) {
                return Map.of(
                        "student", student,
                        "yardstick", yardstick.reach,
                        "brief", yardstick.brief,
                        "balanced", yardstick.balanced);
            }
        }
        throw new IllegalStateException("the last yardstick has no bound");
    }

    /**
     * The parameters that a size names, in billions.
     *
     * @throws InputException when this is no size
     */
    public static double billions(String student) {
        Matcher size = SIZE.matcher(student);
        if (!size.matches()) {
            throw new InputException(
                    "the student's size is a number of parameters such as 0.5B or 135M, not " + student);
        }
        double unit = switch (size.group(2).toUpperCase(Locale.ROOT)) {
            case "K" -> 1e-6;
            case "M" -> 1e-3;
            case "B" -> 1;
            default -> 1e3;
        };
        return Double.parseDouble(size.group(1)) * unit;
    }
}
