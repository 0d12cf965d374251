package cogent.playground;

import java.util.ArrayList;
import java.util.List;

/** The workings of a task's steps in order, each starting from the result of the one before. */
record Solution(List<Numbered> steps) {
    /**
     * A working with the place of its step in the task.
     *
     * @param index from 0
     */
    record Numbered(int index, Working working) {}

    Solution {
        steps = List.copyOf(steps);
    }

    static Solution of(Task task) {
        List<Numbered> steps = new ArrayList<>();
        int value = task.start();
        for (Task.Step step : task.steps()) {
            Working working = Working.of(step.op(), value, step.by());
            steps.add(new Numbered(steps.size(), working));
            value = working.result();
        }
        return new Solution(steps);
    }

    int answer() {
        return steps.getLast().working().result();
    }
}
