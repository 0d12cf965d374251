package cogent.playground;

import cogent.data.InputException;
import cogent.data.Problem;
import cogent.data.Rationale;
import cogent.data.Sample;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The built-in arithmetic world: word problems whose every number, the results included, lies between 1 and
 * {@code largest}. All is seeded: the same call gives the same problems on every machine.
 *
 * @param steps problems have 1 to this many steps, each number of steps equally often; 1 to 6
 * @param largest no number in a problem or its solution path is larger; 9 to 9999
 */
public record World(int steps, int largest) {
    /** One or two steps, numbers below 100. */
    public static final World QUICKSTART = new World(2, 99);

    private static final List<Op> OPS = List.of(Op.values());

    public World {
        if (steps < 1 || steps > 6) {
            throw new InputException("playground: steps must be 1 to 6, not " + steps);
        }
        if (largest < 9 || largest > 9999) {
            throw new InputException("playground: the largest number must be 9 to 9999, not " + largest);
        }
    }

    /**
     * Training samples, their rationales terse, balanced and convoluted in equal parts, ids {@code train-0} and on.
     *
     * @throws InputException when this world has not that many different problems
     */
    public Stream<Sample> corpus(int samples, long seed) {
        List<RationaleKind> kinds = List.of(RationaleKind.values());
        return corpus(samples, seed, kinds);
    }

    /** Training samples whose rationales are of these kinds only, in turn. */
    public Stream<Sample> corpus(int samples, long seed, List<RationaleKind> kinds) {
        Draw draw = new Draw(seed, false);
        return IntStream.range(0, samples).mapToObj(i -> {
            Story story = draw.next();
            Problem problem = problem("train-" + i, story);
            return new Sample(problem, Rationale.of(kinds.get(i % kinds.size()).write(problem.text(), story.task())));
        });
    }

    /**
     * Problems for evaluation, ids {@code heldout-0} and on. No text of theirs, and no numbers told with the same deeds,
     * is ever among the training samples of any seed.
     *
     * @throws InputException when this world has not that many different problems
     */
    public Stream<Problem> heldOut(int problems, long seed) {
        Draw draw = new Draw(seed, true);
        return IntStream.range(0, problems).mapToObj(i -> problem("heldout-" + i, draw.next()));
    }

    private static Problem problem(String id, Story story) {
        return new Problem(id, story.text(), String.valueOf(story.task().answer()));
    }

    /** Different stories of one side, one after the other. */
    private final class Draw {
        private final RandomGenerator random;
        private final boolean heldOut;
        private final Set<Long> seen = new HashSet<>();

        Draw(long seed, boolean heldOut) {
            this.random = new SplittableRandom(Seeds.mix(seed * 2 + (heldOut ? 1 : 0)));
            this.heldOut = heldOut;
        }

        Story next() {
            for (int tries = 0; tries < 10_000; tries++) {
                Story story = Story.of(task(random), random);
                if (story.heldOut() == heldOut && seen.add(Seeds.of(story.text()))) {
                    return story;
                }
            }
            throw new InputException("playground: a world of " + steps + " steps and numbers to " + largest
                    + " ran out of different problems after " + seen.size() + "; ask for fewer or raise either");
        }
    }

    private Task task(RandomGenerator random) {
        int start = random.nextInt(2, largest + 1);
        int value = start;
        List<Task.Step> path = new ArrayList<>();
        for (int left = random.nextInt(1, steps + 1); left > 0; left--) {
            Task.Step step = step(value, random);
            value = step.op().apply(value, step.by());
            path.add(step);
        }
        return new Task(start, path);
    }

    private Task.Step step(int value, RandomGenerator random) {
        while (true) {
            Op op = OPS.get(random.nextInt(OPS.size()));
            int most = switch (op) {
                case ADD -> largest - value;
                case SUBTRACT -> value - 1;
                case MULTIPLY -> Math.min(9, largest / value);
            };
            if (most >= 2) {
                return new Task.Step(op, random.nextInt(2, most + 1));
            }
        }
    }
}
