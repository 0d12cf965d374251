package cogent.playground;

import java.util.ArrayList;
import java.util.List;

/**
 * The arithmetic inside a word problem: a start and one or more steps, worked from left to right.
 *
 * @param start the number at hand before the first step
 */
record Task(int start, List<Step> steps) {
    /** One operation on the number at hand. */
    record Step(Op op, int by) {}

    Task {
        steps = List.copyOf(steps);
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("a task needs a step");
        }
    }

    /** The number at hand after each step, one a step. */
    List<Integer> results() {
        List<Integer> results = new ArrayList<>();
        int value = start;
        for (Step step : steps) {
            value = step.op().apply(value, step.by());
            results.add(value);
        }
        return results;
    }

    int answer() {
        return results().getLast();
    }
}
