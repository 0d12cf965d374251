package cogent.train.loop;

import cogent.data.InputException;
import cogent.model.decoder.LanguageModel;
import cogent.model.generate.Generation;
import cogent.model.generate.Generator;
import cogent.model.generate.Sampler;
import cogent.model.tensor.Ranks;
import cogent.train.forward.TrainableModel;
import cogent.train.rows.Digests;
import cogent.train.rows.Example;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * On-policy distillation: at every step the student answers prompts as it now would, and comes closer to what a teacher would have
 * said at each token of its own replies.
 */
public final class Distil {
    /** As the student speaks: the divergence is that of the distributions its tokens are drawn from. */
    private static final Sampler DRAWN = Sampler.at(1);

    private Distil() {}

    /**
     * Trains the student in place. Called again with the same arguments after an interruption of any kind, it continues at the
     * newest checkpoint and ends with the same weights as if nothing had happened (same machine, threads and ranks).
     *
     * @param teacher of the same tokens; stays as it is
     * @param ranks that train together, each in a call like this one; the batch is dealt to them
     * @param prompts rows whose prompts are asked; what completes them is not looked at
     * @param stop asked before each step; when true, or when the thread is interrupted, a checkpoint is written and the outcome says so
     * @param progress told after each step
     * @throws DivergedException when loss or gradient is no longer finite
     * @throws InputException when there are no prompts or one leaves no room for a reply, or the checkpoints belong to another run
     */
    public static TrainingOutcome train(
            TrainableModel student,
            LanguageModel teacher,
            Ranks ranks,
            List<Example> prompts,
            DistilSettings settings,
            TrainFiles files,
            BooleanSupplier stop,
            Consumer<TrainingProgress> progress) {
        IntUnaryOperator room = row -> room(student, prompts.get(row), settings);
        String identity = "distil " + settings.maxNewTokens()
                + settings.stopIds().stream().sorted().toList()
                + Digests.ofExamples(prompts)
                + teacher.decoder().compute()
                + Digests.of(teacher.parameters());
        try (TrainingRun run = new TrainingRun(
                student,
                ranks,
                settings.train(),
                files,
                identity,
                prompts.size(),
                row -> prompts.get(row).prompt().length + room.applyAsInt(row),
                row -> prompts.get(row).id(),
                progress)) {
            while (run.goesOn() && !run.stops(stop)) {
                int[] rows = run.nextBatch();
                Replies replies = replies(student, prompts, run.own(rows), settings, run.step());
                double targets = ranks.sum((double) replies.tokens())[0];
                DistilBatch.Part all = DistilBatch.Part.NONE;
                do {
                    try {
                        all = backward(student, teacher, replies, (long) targets, run.parts(rows), settings, run);
                    } catch (RuntimeException e) {
                        run.memoryWasFull(e);
                    }
                } while (run.beginsAgain());
                Map<String, Double> metrics = new LinkedHashMap<>(); // by TRL's names
                metrics.put("entropy", all.sums().entropy() / targets);
                metrics.put("completions/mean_length", (double) replies.tokens() / rows.length);
                metrics.put(
                        "completions/clipped_ratio", (double) replies.clipped().size() / rows.length);
                run.update(all.sums().divergence() / targets, all.work(), metrics);
                run.saveIfDue();
            }
            return run.end();
        }
    }

    private static DistilBatch.Part backward(
            TrainableModel student,
            LanguageModel teacher,
            Replies replies,
            long targets,
            List<int[]> parts,
            DistilSettings settings,
            TrainingRun run) {
        DistilBatch batch = new DistilBatch(
                student.decoder(), teacher.decoder(), settings.train().compute(), targets);
        DistilBatch.Part all = DistilBatch.Part.NONE;
        for (int[] part : parts) {
            all = all.plus(batch.backward(
                    IntStream.of(part).mapToObj(replies.byRow()::get).toList(), run::layerDone));
        }
        return all;
    }

    /**
     * What the student said.
     *
     * @param byRow prompt and reply
     * @param clipped rows whose reply had no room to end
     */
    private record Replies(Map<Integer, Example> byRow, Set<Integer> clipped) {
        long tokens() {
            return byRow.values().stream()
                    .mapToLong(reply -> reply.completion().length)
                    .sum();
        }
    }

    /** This rank's, all together: writing many at once costs little more than writing one. */
    private static Replies replies(
            TrainableModel student, List<Example> prompts, int[] rows, DistilSettings settings, int step) {
        Map<Integer, Example> replies = new HashMap<>();
        Set<Integer> clipped = new HashSet<>();
        Generation.Listener listener = new Generation.Listener() {
            @Override
            public boolean token(int request, int id) {
                return !settings.stopIds().contains(id); // ends the reply, as part of it
            }

            @Override
            public void finished(int request, Generation.Completion reply) {
                Example asked = prompts.get(rows[request]);
                replies.put(rows[request], new Example(asked.id(), asked.prompt(), reply.ids()));
                if (!settings.stopIds().contains(reply.ids()[reply.ids().length - 1])) {
                    clipped.add(rows[request]);
                }
            }
        };
        new Generator(student.decoder(), settings.repliesAtOnce())
                .generate(
                        IntStream.of(rows)
                                .mapToObj(row -> new Generation(
                                        prompts.get(row).prompt(),
                                        room(student, prompts.get(row), settings),
                                        DRAWN,
                                        Set.of(),
                                        seed(settings.train().seed(), step, row)))
                                .iterator(),
                        listener,
                        () -> false);
        return new Replies(replies, clipped);
    }

    /** So that neither the order of the rows nor an interruption changes what is drawn. */
    private static long seed(long seed, int step, int row) {
        return (seed * 1_000_003 + step) * 1_000_003 + row;
    }

    private static int room(TrainableModel student, Example prompt, DistilSettings settings) {
        int room = Math.min(settings.maxNewTokens(), student.config().maxPositions() - prompt.prompt().length);
        if (room < 1) {
            throw new InputException("row " + prompt.id() + ": its prompt of " + prompt.prompt().length
                    + " tokens leaves no room for a reply within the student's "
                    + student.config().maxPositions()
                    + " positions; leave it out, or set a shorter max_length");
        }
        return room;
    }
}
