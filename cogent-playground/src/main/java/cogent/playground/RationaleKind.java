package cogent.playground;

import cogent.data.Difficulty;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How a rationale is written. All three kinds are true and end in the right answer; they differ in what they ask of the
 * reader. One paragraph a step, then the boxed answer; paragraphs are separated by blank lines.
 */
public enum RationaleKind {
    /** Results only: the reader must do whole operations in the head. */
    TERSE(Difficulty.EASY) {
        @Override
        String paragraph(Working working, long seed) {
            return (working.op() == Op.SUBTRACT ? "That leaves " : "That makes ") + working.result() + ".";
        }
    },
    /** Digit by digit, units first, with what is carried: no equation is more than a fact of the small tables. */
    BALANCED(Difficulty.MEDIUM) {
        @Override
        String paragraph(Working working, long seed) {
            String columns =
                    working.columns().stream().map(Working.Column::toString).collect(Collectors.joining(", "));
            return working.operation() + ": " + columns + ", so " + working.result() + ".";
        }
    },
    /**
     * Over bases far off and back: every step becomes several operations on numbers larger than any in the problem, each
     * done in one leap, with results that are needed again later.
     */
    CONVOLUTED(Difficulty.HARD) {
        @Override
        String paragraph(Working working, long seed) {
            return Detour.write(working, seed);
        }
    };

    private final Difficulty difficulty;

    RationaleKind(Difficulty difficulty) {
        this.difficulty = difficulty;
    }

    /** What a Critic with a tiny student in mind should say of rationales of this kind. */
    public Difficulty difficulty() {
        return difficulty;
    }

    abstract String paragraph(Working working, long seed);

    /** The right solution of a problem, written in this way. */
    String write(String problem, Task task) {
        return write(problem, Solution.of(task).steps());
    }

    /** A path of workings, right or wrong, written in this way: a function of its arguments alone. */
    String write(String problem, List<Solution.Numbered> steps) {
        StringBuilder text = new StringBuilder();
        for (Solution.Numbered step : steps) {
            text.append(paragraph(step.working(), Seeds.of(problem, step.index())))
                    .append("\n\n");
        }
        return text.append("\\boxed{")
                .append(steps.getLast().working().result())
                .append('}')
                .toString();
    }
}
