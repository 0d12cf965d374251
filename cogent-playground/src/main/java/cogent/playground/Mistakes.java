package cogent.playground;

import cogent.playground.Solution.Numbered;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Plants one mistake in the solution of a task and carries it through to a wrong answer. */
final class Mistakes {
    /** What goes wrong; names are those of the Distractor's prompt. */
    enum Mistake {
        CALCULATION,
        MISREADING,
        OPERATION,
        OMISSION;

        /** The mistake of that name in any case; calculation where there is none of that name. */
        static Mistake of(String name) {
            for (Mistake mistake : values()) {
                if (mistake.name().equalsIgnoreCase(name)) {
                    return mistake;
                }
            }
            return CALCULATION;
        }
    }

    private Mistakes() {}

    /** A wrong solution and what went wrong in it. */
    record Planted(Mistake mistake, Solution solution) {}

    /** A solution with one mistake of this sort, or of calculation where the task has no room for the sort that is wanted. */
    static Planted plant(Task task, Mistake mistake, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int tries = 0; tries < 400; tries++) {
            Mistake sort = tries < 100 ? mistake : Mistake.CALCULATION;
            Optional<Solution> solution = attempt(task, sort, random);
            if (solution.isPresent() && isWrongThroughout(solution.get(), task)) {
                return new Planted(sort, solution.get());
            }
        }
        throw new IllegalStateException("no mistake fits " + task);
    }

    /** Nothing after the mistake may come upon the right answer by another way, be it in a column. */
    private static boolean isWrongThroughout(Solution solution, Task task) {
        List<Integer> right = task.results();
        boolean neverRight = solution.steps().stream().allMatch(step -> {
            int result = step.working().result();
            return result != task.answer() || (step.index() < right.size() - 1 && right.get(step.index()) == result);
        });
        return neverRight
                && solution.steps().getLast().working().columns().getLast().value() != task.answer();
    }

    private static Optional<Solution> attempt(Task task, Mistake sort, SplittableRandom random) {
        List<Task.Step> steps = task.steps();
        int at = random.nextInt(steps.size());
        if (sort == Mistake.OMISSION && steps.size() < 2) {
            return Optional.empty();
        }
        List<Numbered> workings = new ArrayList<>();
        int value = task.start();
        for (int i = 0; i < steps.size(); i++) {
            Task.Step step = steps.get(i);
            if (i == at && sort == Mistake.OMISSION) {
                continue;
            }
            Optional<Working> working = i == at ? slipped(value, step, sort, random) : right(value, step);
            if (working.isEmpty()) {
                return Optional.empty();
            }
            workings.add(new Numbered(i, working.get()));
            value = working.get().result();
        }
        return Optional.of(new Solution(workings));
    }

    private static Optional<Working> slipped(int value, Task.Step step, Mistake sort, SplittableRandom random) {
        return switch (sort) {
            case CALCULATION -> calculation(value, step, random);
            case MISREADING -> right(value, new Task.Step(step.op(), misread(step.by(), random)));
            case OPERATION -> right(value, new Task.Step(step.op() == Op.ADD ? Op.SUBTRACT : Op.ADD, step.by()));
            case OMISSION -> Optional.empty();
        };
    }

    private static Optional<Working> calculation(int value, Task.Step step, SplittableRandom random) {
        Working right = Working.of(step.op(), value, step.by());
        Working.Misstep mistake = random.nextBoolean()
                ? new Working.Misstep.Carry()
                : new Working.Misstep.Digit(random.nextInt(right.columns().size()), random.nextBoolean() ? 1 : -1);
        return Working.with(mistake, step.op(), value, step.by()).filter(working -> !working.isRight());
    }

    /** Two digits swapped, or one digit taken for its neighbour. */
    private static int misread(int number, SplittableRandom random) {
        if (number >= 10 && random.nextBoolean()) {
            return number / 100 * 100 + number % 10 * 10 + number / 10 % 10;
        }
        return Math.max(1, number + (random.nextBoolean() ? 1 : -1) * (number >= 10 && random.nextBoolean() ? 10 : 1));
    }

    private static Optional<Working> right(int value, Task.Step step) {
        return Working.with(new Working.Misstep.None(), step.op(), value, step.by());
    }
}
